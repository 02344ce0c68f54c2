// The part of Problem about context keys: conditions of statements and tests of formulas.
#include <algorithm>
#include <utility>

#include "iam/problem.h"
#include "iam/scalar.h"
#include "iam/signature.h"

namespace gabion::iam {

namespace {

bool is_text_family(OperatorFamily family) {
  return family == OperatorFamily::kStringEquals || family == OperatorFamily::kStringEqualsIgnoreCase ||
         family == OperatorFamily::kStringLike || family == OperatorFamily::kArnLike ||
         family == OperatorFamily::kBinaryEquals;
}

bool is_readable(OperatorFamily family, std::string_view text, OpenPoints alternatives, OpenPoints& touched) {
  switch (type_of(family).value_or(KeyType::kString)) {
    case KeyType::kNumeric:
      return parse_decimal(text, alternatives, &touched).has_value();
    case KeyType::kDate:
      return parse_instant(text).has_value();
    case KeyType::kIp:
      return parse_range(text).has_value();
    default:
      return true;
  }
}

PatternSyntax syntax_of(OperatorFamily family, bool variables, OpenPoints alternatives) {
  PatternSyntax out;
  out.variables = variables;
  out.alternatives = alternatives;
  out.wildcards = family == OperatorFamily::kStringLike || family == OperatorFamily::kArnLike;
  out.fold = family == OperatorFamily::kStringEqualsIgnoreCase;
  if (family == OperatorFamily::kArnLike) {
    out.arn = PatternSyntax::Arn::kCondition;
  }
  return out;
}

}  // namespace

NodeId Problem::key_atom(KeyAtom atom, std::string signature) {
  if (const auto known = known_literal(signature)) {
    return *known;
  }
  Atom made;
  made.kind = AtomKind::kKey;
  made.key = std::move(atom);
  return literal(intern(std::move(signature), std::move(made)), true);
}

NodeId Problem::scalar(KeyId key) {
  if (!keys_[key].may_absent && !keys_[key].may_list) {
    return constant(true);
  }
  KeyAtom atom;
  atom.key = key;
  if (!keys_[key].may_list) {
    atom.form = KeyForm::kPresence;
    atom.on_present = true;
    return key_atom(atom, "present\1" + std::to_string(key));
  }
  atom.form = KeyForm::kScalar;
  return key_atom(atom, "scalar\1" + std::to_string(key));
}

NodeId Problem::equal_text(KeyId key, const std::string& text, bool fold) {
  KeyAtom atom;
  atom.key = key;
  atom.form = KeyForm::kSingle;
  ConditionOperator op;
  op.family = fold ? OperatorFamily::kStringEqualsIgnoreCase : OperatorFamily::kStringEquals;
  atom.test = value_test(op, {Text(text)}, false);
  return key_atom(std::move(atom), std::string(fold ? "is-folded\1" : "is\1") + std::to_string(key) + '\1' + text);
}

NodeId Problem::keys_equal(KeyId a, KeyId b, bool fold) {
  if (a == b) {
    return scalar(a);
  }
  Atom atom;
  atom.kind = AtomKind::kKeysEqual;
  atom.first = std::min(a, b);
  atom.second = std::max(a, b);
  atom.fold = fold;
  const std::string text =
      std::string(fold ? "same-folded\1" : "same\1") + std::to_string(atom.first) + '\1' + std::to_string(atom.second);
  return all({literal(intern(text, std::move(atom)), true), scalar(a), scalar(b)});
}

NodeId Problem::variables_have_values(const std::vector<Pattern>& patterns) {
  std::vector<NodeId> needed;
  for (const Pattern& one : patterns) {
    for (const PolicyVariable& variable : one.variables) {
      const auto key = find_key(variable.key);
      if (!variable.fallback && key) {
        needed.push_back(scalar(*key));
        if (alternatives_.has(OpenPoint::kEmptyVar)) {
          needed.push_back(negate(equal_text(*key, "", false)));
        }
      }
    }
  }
  return all(std::move(needed));
}

ValueTest Problem::value_test(const ConditionOperator& op, const std::vector<Text>& values, bool policy) {
  ValueTest out;
  out.op = op;
  const OpenPoints alternatives = policy ? alternatives_ : OpenPoints();
  if (is_text_family(op.family)) {
    std::vector<Pattern> patterns;
    for (const Text& value : values) {
      patterns.push_back(pattern(value, syntax_of(op.family, false, alternatives)));
      if (op.family == OperatorFamily::kArnLike && patterns.back().malformed && op.negated) {
        touched_.add(OpenPoint::kArnMalformed);
        out.unreadable_fails = alternatives.has(OpenPoint::kArnMalformed);
      }
    }
    out.set = std::make_shared<TextSet>(std::move(patterns), holes_);
    return out;
  }
  for (const Text& value : values) {
    if (!value.known()) {
      out.has_holes = true;
      continue;
    }
    out.values.push_back(value.str());
    OpenPoints lexical;
    if (!is_readable(op.family, out.values.back(), alternatives, lexical) && op.negated) {
      touched_.add(OpenPoint::kInvalidNeg);
      out.unreadable_fails = alternatives.has(OpenPoint::kInvalidNeg);
    }
    if (policy) {
      touched_.add(lexical);
    }
  }
  return out;
}

NodeId Problem::null_condition(const Condition& condition, KeyId key) {
  KeyAtom atom;
  atom.key = key;
  atom.form = KeyForm::kPresence;
  for (const Text& value : condition.values.items) {
    if (!value.known()) {
      return open(Hole{.name = "the value of Null " + condition.key.str() + ", " + value.str()});
    }
    const auto wanted = parse_bool(value.str());
    atom.on_absent = atom.on_absent || (wanted && *wanted);
    atom.on_present = atom.on_present || (wanted && !*wanted);
  }
  if (atom.on_absent == atom.on_present) {
    return constant(atom.on_absent);
  }
  const bool present = atom.on_present;
  atom.on_absent = false;
  atom.on_present = true;
  const NodeId node = key_atom(atom, "present\1" + std::to_string(key));
  return present ? node : negate(node);
}

NodeId Problem::linked_value(KeyId key, const Pattern& made, const ConditionOperator& op) {
  touched_.add(OpenPoint::kEmptyVar);
  const bool fold = op.family == OperatorFamily::kStringEqualsIgnoreCase;
  if (made.tokens.size() == 1 && op.family != OperatorFamily::kArnLike) {
    const PolicyVariable& variable = made.variables.front();
    const auto other = find_key(variable.key);
    if (!other) {
      return constant(false);
    }
    NodeId same = keys_equal(key, *other, fold);
    NodeId value = scalar(*other);
    if (alternatives_.has(OpenPoint::kEmptyVar)) {
      value = all({value, negate(equal_text(*other, "", false))});
      same = all({same, value});
    }
    if (!variable.fallback) {
      return same;
    }
    return any({same, all({negate(value), equal_text(key, *variable.fallback, fold)})});
  }
  Atom link;
  link.kind = AtomKind::kKeyLink;
  link.patterns.push_back(made);
  link.key.key = key;
  link.key.form = KeyForm::kSingle;
  link.key.test.op.family = op.family;
  link.key.test.set = std::make_shared<TextSet>(link.patterns, holes_);
  const std::string text = "key-link\1" + std::to_string(key) + '\1' + signature(made);
  const NodeId values = variables_have_values({made});
  return all({literal(intern(text, std::move(link)), true), values});
}

NodeId Problem::condition(const Condition& condition, bool variables) {
  if (!condition.operator_text.known() || condition.op.family == OperatorFamily::kUnknown ||
      !(condition.key.known() || survey_.is_key_of_its_own(condition.key))) {
    return open(Hole{.name = "the condition " + condition.operator_text.str() + " " + condition.key.str()});
  }
  const KeyId key = *find_key(condition.key.str());
  const ConditionOperator& op = condition.op;
  if (op.family == OperatorFamily::kNull) {
    return null_condition(condition, key);
  }
  std::vector<Text> plain;
  std::vector<Pattern> plain_patterns;  // of texts, where there may be variables
  std::vector<Pattern> linked;
  const bool text_family = is_text_family(op.family) && op.family != OperatorFamily::kBinaryEquals;
  for (const Text& value : condition.values.items) {
    if (variables && text_family) {
      Pattern made = pattern(value, syntax_of(op.family, true, alternatives_));
      if (made.has_variables()) {
        linked.push_back(std::move(made));
        continue;
      }
      plain_patterns.push_back(std::move(made));
    }
    plain.push_back(value);
  }
  KeyAtom atom;
  atom.key = key;
  atom.test.op = op;
  std::string text = "condition\1" + std::to_string(key) + '\1' + std::to_string(static_cast<int>(op.family)) +
                     (op.negated ? 'n' : 'p') + (variables && text_family ? 'v' : 'l') + '\1' + signature(plain);
  if (text_family && variables) {
    atom.test.op = op;
    if (op.family == OperatorFamily::kArnLike && op.negated &&
        std::ranges::any_of(plain_patterns, &Pattern::malformed)) {
      touched_.add(OpenPoint::kArnMalformed);
      atom.test.unreadable_fails = alternatives_.has(OpenPoint::kArnMalformed);
    }
    atom.test.set = std::make_shared<TextSet>(std::move(plain_patterns), holes_);
  } else {
    atom.test = value_test(op, plain, true);
  }
  if (op.qualifier != Qualifier::kNone) {
    const bool some = op.qualifier == Qualifier::kForAnyValue;
    atom.form = some ? KeyForm::kSome : KeyForm::kAll;
    atom.on_absent = some ? op.if_exists && alternatives_.has(OpenPoint::kAnyIfExists) : true;
    if (some && op.if_exists) {
      touched_.add(OpenPoint::kAnyIfExists);
    }
    const KeyType type = keys_[key].type;
    if (keys_[key].only.empty() && (type == KeyType::kString || type == KeyType::kBinary) && !keys_[key].no_empty) {
      touched_.add(OpenPoint::kEmptyStr);
    }
    if (!alternatives_.has(OpenPoint::kEmptyStr)) {
      atom.on_empty = !some || (op.if_exists && alternatives_.has(OpenPoint::kAnyIfExists));
    }
    text += some ? "\1some" : "\1all";
    text += policy_mark();
    text += atom.on_absent ? "\1t" : "\1f";
    if (!linked.empty()) {
      // Values with variables cannot be taken apart here: every request value needs one of all policy values.
      Atom link;
      link.kind = AtomKind::kKeyLink;
      link.key = atom;
      link.patterns = std::move(linked);
      for (const Pattern& one : atom.test.set->patterns()) {
        link.patterns.push_back(one);
      }
      for (const Pattern& one : link.patterns) {
        text += signature(one);
      }
      link.key.test.set = std::make_shared<TextSet>(link.patterns, holes_);
      return literal(intern("set-link\1" + text, std::move(link)), true);
    }
    return key_atom(std::move(atom), text);
  }
  atom.form = KeyForm::kSingle;
  atom.on_absent = op.negated || op.if_exists;
  if (keys_[key].may_list) {
    touched_.add(OpenPoint::kArrayPlainNever);
    touched_.add(OpenPoint::kArrayPlainAny);
    atom.list = alternatives_.has(OpenPoint::kArrayPlainNever) ? OnList::kNever
                : alternatives_.has(OpenPoint::kArrayPlainAny) ? OnList::kEach
                                                               : OnList::kOne;
  }
  text += atom.on_absent ? "\1t" : "\1f";
  text += policy_mark();
  std::vector<NodeId> values;
  values.push_back(key_atom(std::move(atom), text));
  for (const Pattern& one : linked) {
    const NodeId value = linked_value(key, one, op);
    values.push_back(op.negated ? negate(value) : value);
  }
  return op.negated ? all(std::move(values)) : any(std::move(values));
}

NodeId Problem::key_formula(const Formula& formula) {
  const KeyId key = *find_key(formula.key);
  KeyAtom atom;
  atom.key = key;
  if (formula.kind == FormulaKind::kAbsent || formula.kind == FormulaKind::kPresent) {
    atom.form = KeyForm::kPresence;
    atom.on_present = true;
    const NodeId node = key_atom(atom, "present\1" + std::to_string(key));
    return formula.kind == FormulaKind::kPresent ? node : negate(node);
  }
  const ConditionOperator op = operator_of(formula.kind);
  std::string text = "condition\1" + std::to_string(key) + '\1' + std::to_string(static_cast<int>(op.family)) + "pl\1" +
                     signature(formula.values);
  switch (formula.kind) {
    case FormulaKind::kHas:
      atom.form = KeyForm::kSome;
      text += "\1has";
      break;
    case FormulaKind::kSubset:
      atom.form = KeyForm::kAll;
      atom.on_absent = true;
      text += "\1subset";
      break;
    default:
      atom.form = KeyForm::kSingle;
      text += "\1f";
  }
  // Facts ask the same of a key for one caller after the other.
  if (const auto known = known_literal(text)) {
    return *known;
  }
  atom.test = value_test(op, formula.values, false);
  return key_atom(std::move(atom), std::move(text));
}

}  // namespace gabion::iam
