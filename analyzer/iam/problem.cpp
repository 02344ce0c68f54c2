#include "iam/problem.h"

#include <algorithm>
#include <utility>

#include "iam/scalar.h"

namespace gabion::iam {

namespace {

constexpr std::uint32_t kMaxDepth = 200;

Token token(TokenKind kind, char byte = 0) {
  return Token{.kind = kind, .byte = byte};
}

/// Any text with a hole in it: what it really is depends on the hole.
Pattern with_any_hole() {
  Pattern out;
  out.tokens = {token(TokenKind::kStar), token(TokenKind::kAnyHole), token(TokenKind::kStar)};
  return out;
}

/// service:Name
std::vector<Pattern> action_texts() {
  Pattern out;
  out.tokens = {token(TokenKind::kLowerAny), token(TokenKind::kLowerStar), token(TokenKind::kChar, ':'),
                token(TokenKind::kFieldAny), token(TokenKind::kFieldStar)};
  return {out, with_any_hole()};
}

/// arn:partition:service:region:account:resource; region and account may be empty, capitals are in the resource only.
Pattern arn_texts() {
  Pattern out;
  for (const char c : {'a', 'r', 'n', ':'}) {
    out.tokens.push_back(token(TokenKind::kChar, c));
  }
  for (int field = 0; field < 4; ++field) {
    if (field < 2) {
      out.tokens.push_back(token(TokenKind::kLowerAny));
    }
    out.tokens.push_back(token(TokenKind::kLowerStar));
    out.tokens.push_back(token(TokenKind::kChar, ':'));
  }
  out.tokens.push_back(token(TokenKind::kAny));
  out.tokens.push_back(token(TokenKind::kStar));
  return out;
}

std::vector<Pattern> resource_texts() {
  Pattern all;
  all.tokens = {token(TokenKind::kChar, '*')};
  return {arn_texts(), all, with_any_hole()};
}

std::string signature(const Text& text) {
  std::string out;
  for (const Segment& segment : text.segments()) {
    out += segment.is_hole ? '\1' : '\2';
    out += segment.is_hole ? segment.hole.name : segment.text;
  }
  return out + '\3';
}

std::string signature(const std::vector<Text>& list) {
  std::vector<std::string> parts;
  parts.reserve(list.size());
  for (const Text& text : list) {
    parts.push_back(signature(text));
  }
  std::ranges::sort(parts);
  std::string out;
  for (const std::string& part : parts) {
    out += part;
  }
  return out;
}

std::string signature(const Pattern& pattern) {
  std::string out;
  for (const Token& one : pattern.tokens) {
    out += static_cast<char>('a' + static_cast<int>(one.kind));
    if (one.kind == TokenKind::kVariable) {
      const PolicyVariable& variable = pattern.variables[one.index];
      out += fold_case(variable.key) + '\1' + variable.fallback.value_or("\2") + '\3';
    } else if (one.kind == TokenKind::kHole) {
      out += std::to_string(one.index) + '\3';
    } else {
      out += one.byte;
    }
  }
  return out + (pattern.fold ? 'F' : 'f');
}

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

Problem::Problem(const ProblemInput& input) : alternatives_(input.alternatives), survey_(holes_) {
  for (const auto& [document, kind] : input.documents) {
    survey_.add(*document, kind);
  }
  for (const Formula* one : input.formulas) {
    survey_.add(*one);
  }
  candidates_.push_back(Candidate{.caller = read_caller("arn:aws:iam::111122223333:user/example"), .generic = true});
  nodes_.push_back(Node{.kind = NodeKind::kTrue, .atom = 0, .positive = true, .children = {}});
  nodes_.push_back(Node{.kind = NodeKind::kFalse, .atom = 0, .positive = true, .children = {}});
  make_keys(input);
  action_domain_ = std::make_unique<TextSet>(action_texts(), holes_);
  resource_domain_ = std::make_unique<TextSet>(resource_texts(), holes_);
  Pattern text;
  text.tokens = {token(TokenKind::kAny), token(TokenKind::kStar)};
  text_domain_ = std::make_unique<TextSet>(std::vector<Pattern>{text, with_any_hole()}, holes_);
  arn_domain_ = std::make_unique<TextSet>(std::vector<Pattern>{arn_texts(), with_any_hole()}, holes_);
}

void Problem::make_candidates() {
  if (candidates_.size() == 1) {
    candidates_ = survey_.candidates();
  }
}

void Problem::make_keys(const ProblemInput& input) {
  for (const auto& [folded, use] : survey_.keys()) {
    Key key;
    key.name = use.name;
    key.constants = use.constants;
    const KnownKey* known = find_known_key(folded);
    const auto fact =
        std::ranges::find_if(input.keys, [&](const KeyFact& one) { return equal_folded(one.key, folded); });
    const bool has_fact = fact != input.keys.end();
    if (has_fact && fact->type) {
      key.type = *fact->type;
    } else if (known != nullptr) {
      key.type = known->type;
    } else if (!use.types.empty()) {
      key.type = *use.types.begin();
    }
    if (known != nullptr) {
      key.sample = known->sample;
    }
    const bool multivalued = (has_fact && fact->multivalued) || (known != nullptr && known->multivalued) || use.as_list;
    if (multivalued) {
      key.may_list = true;
      key.may_scalar = false;
    } else if (use.in_set && known == nullptr && !has_fact) {
      key.may_list = true;
      if (use.as_variable) {
        key.may_list = false;
        assumed_.push_back(key.name + " has a single value");
      }
    }
    key.no_empty = input.aws_keys && use.in_set;
    if (has_fact) {
      key.only = fact->only;
      key.may_absent = !fact->always;
    }
    if (input.aws_keys && known != nullptr && known->always) {
      key.may_absent = false;
    }
    if (key.type == KeyType::kBool && key.only.empty()) {
      key.only = {"true", "false"};
    }
    key_ids_.emplace(folded, static_cast<KeyId>(keys_.size()));
    keys_.push_back(std::move(key));
  }
}

const TextSet& Problem::key_domain(const Key& key) const {
  return key.type == KeyType::kArn ? *arn_domain_ : *text_domain_;
}

std::optional<KeyId> Problem::find_key(std::string_view name) const {
  const auto found = key_ids_.find(fold_case(name));
  return found == key_ids_.end() ? std::nullopt : std::optional(found->second);
}

// ---- Nodes. ----

NodeId Problem::literal(AtomId atom, bool positive) {
  const auto [known, added] = literals_.emplace(std::pair(atom, positive), static_cast<NodeId>(nodes_.size()));
  if (added) {
    nodes_.push_back(Node{.kind = NodeKind::kLiteral, .atom = atom, .positive = positive, .children = {}});
  }
  return known->second;
}

AtomId Problem::intern(const std::string& signature, Atom atom) {
  const auto [known, added] = atom_ids_.emplace(signature, static_cast<AtomId>(atoms_.size()));
  if (added) {
    atoms_.push_back(std::move(atom));
  }
  return known->second;
}

NodeId Problem::all(std::vector<NodeId> children) {
  std::vector<NodeId> kept;
  for (const NodeId child : children) {
    if (nodes_[child].kind == NodeKind::kFalse) {
      return constant(false);
    }
    if (nodes_[child].kind == NodeKind::kAll) {
      kept.insert(kept.end(), nodes_[child].children.begin(), nodes_[child].children.end());
    } else if (nodes_[child].kind != NodeKind::kTrue) {
      kept.push_back(child);
    }
  }
  if (kept.size() < 2) {
    return kept.empty() ? constant(true) : kept.front();
  }
  nodes_.push_back(Node{.kind = NodeKind::kAll, .atom = 0, .positive = true, .children = std::move(kept)});
  return static_cast<NodeId>(nodes_.size() - 1);
}

NodeId Problem::any(std::vector<NodeId> children) {
  std::vector<NodeId> kept;
  for (const NodeId child : children) {
    if (nodes_[child].kind == NodeKind::kTrue) {
      return constant(true);
    }
    if (nodes_[child].kind == NodeKind::kAny) {
      kept.insert(kept.end(), nodes_[child].children.begin(), nodes_[child].children.end());
    } else if (nodes_[child].kind != NodeKind::kFalse) {
      kept.push_back(child);
    }
  }
  if (kept.size() < 2) {
    return kept.empty() ? constant(false) : kept.front();
  }
  nodes_.push_back(Node{.kind = NodeKind::kAny, .atom = 0, .positive = true, .children = std::move(kept)});
  return static_cast<NodeId>(nodes_.size() - 1);
}

NodeId Problem::negate(NodeId node) {
  if (depth_ >= kMaxDepth) {
    return open(Hole{.name = "a formula that is nested too deeply"});
  }
  const Node at = nodes_[node];  // a copy: nodes are added below
  switch (at.kind) {
    case NodeKind::kTrue:
      return constant(false);
    case NodeKind::kFalse:
      return constant(true);
    case NodeKind::kLiteral:
      return literal(at.atom, !at.positive);
    default:
      break;
  }
  ++depth_;
  std::vector<NodeId> children;
  children.reserve(at.children.size());
  for (const NodeId child : at.children) {
    children.push_back(negate(child));
  }
  --depth_;
  return at.kind == NodeKind::kAll ? any(std::move(children)) : all(std::move(children));
}

NodeId Problem::open(Hole hole) {
  Atom atom;
  atom.kind = AtomKind::kOpen;
  atom.hole = hole;
  return literal(intern("open\1" + hole.name, std::move(atom)), true);
}

Pattern Problem::pattern(const Text& text, PatternSyntax syntax) {
  Pattern out = compile_pattern(text, syntax);
  if (out.holes.empty()) {
    return out;
  }
  const bool whole = text.segments().size() == 1;
  std::vector<std::uint16_t> numbers;
  for (std::size_t i = 0; i < out.holes.size(); ++i) {
    const Hole& hole = out.holes[i];
    const std::uint16_t number = holes_.number(hole, syntax.wildcards && whole && !hole.literal);
    numbers.push_back(number);
    HoleTable::Entry& entry = holes_.entries[number];
    if (std::ranges::find(out.wide, static_cast<std::uint16_t>(i)) != out.wide.end()) {
      entry.wide = true;
      HoleTable::Entry& plain = holes_.entries[entry.text];
      plain.wide = true;
      const std::string own = "{" + std::to_string(entry.text) + "}";
      if (plain.ground == own) {
        plain.ground = "arn:aws:s3:::" + own;
      }
      entry.ground = plain.ground;
    }
    if (!whole && syntax.wildcards && !hole.literal) {
      const std::string note = "the text of " + hole.name + " has no wildcards";
      if (std::ranges::find(assumed_, note) == assumed_.end()) {
        assumed_.push_back(note);
      }
    }
  }
  for (Token& one : out.tokens) {
    if (one.kind == TokenKind::kHole) {
      one.index = numbers[one.index];
    }
  }
  return out;
}

// ---- Callers. ----

namespace {

bool of_account(PrincipalType type) {
  return type != PrincipalType::kService && type != PrincipalType::kFederated && type != PrincipalType::kAnonymous;
}

/// Could the identifier cover the caller, given that holes may be anything of their kind?
bool may_cover(const std::string& type, const Text& value, const std::string& ground, const Candidate& candidate,
               OpenPoints alternatives) {
  const Caller& caller = candidate.caller;
  if (covers(type, ground, caller, alternatives)) {
    return true;
  }
  const bool account_caller = of_account(caller.type);
  if (value.known()) {
    if (!candidate.symbolic || type != "AWS" || !account_caller) {
      return false;
    }
    const Caller named = read_caller(ground);
    return !account_of_identifier(ground).empty() || named.type == caller.type ||
           (named.type == PrincipalType::kRole && caller.type == PrincipalType::kSession);
  }
  if (type.empty()) {
    return true;
  }
  if (type == "Service") {
    return caller.type == PrincipalType::kService;
  }
  if (type == "Federated") {
    return caller.type == PrincipalType::kFederated;
  }
  if (type == "CanonicalUser") {
    return caller.type != PrincipalType::kAnonymous;
  }
  const bool whole = value.segments().size() == 1;
  const Hole& hole = std::ranges::find_if(value.segments(), &Segment::is_hole)->hole;
  if (whole && !hole.literal) {
    return true;  // also "*"
  }
  if (!account_caller) {
    return false;
  }
  const Caller named = read_caller(ground);
  if (!account_of_identifier(ground).empty() || (whole && resource_type(hole).empty())) {
    return true;
  }
  if (named.type == PrincipalType::kRole) {
    return caller.type == PrincipalType::kRole || caller.type == PrincipalType::kSession;
  }
  return named.type == caller.type;
}

/// Is everybody whom an identifier with holes covers among the candidates by its ground text?
bool covers_by_name(const Identifier& identifier, const std::string& ground) {
  const auto& segments = identifier.value.segments();
  const Hole& hole = std::ranges::find_if(segments, &Segment::is_hole)->hole;
  if (hole.many) {
    return false;
  }
  if (identifier.type == "Service") {
    return segments.size() == 1;
  }
  if (identifier.type != "AWS") {
    return false;
  }
  if (!account_of_identifier(ground).empty()) {
    return segments.size() > 1 || hole.literal;
  }
  if (!std::ranges::all_of(segments, [](const Segment& one) { return !one.is_hole || one.hole.literal; })) {
    return false;
  }
  if (segments.size() > 1) {
    const PrincipalType type = read_caller(ground).type;
    return ground.starts_with("arn:") && (type == PrincipalType::kRole || type == PrincipalType::kUser);
  }
  const std::string_view type = resource_type(hole);
  return type == "aws_iam_role" || type == "aws_iam_user";
}

/// Does an identifier with holes name callers of one account, unknown as it may be?
bool names_an_account(const Identifier& identifier, const std::string& ground) {
  if (identifier.value.known() || identifier.type != "AWS") {
    return false;
  }
  const bool identifiers = std::ranges::all_of(identifier.value.segments(), [](const Segment& one) {
    return !one.is_hole || (one.hole.literal && !one.hole.many);
  });
  return identifiers && (!account_of_identifier(ground).empty() || ground.starts_with("arn:"));
}

}  // namespace

NodeId Problem::principal(const PrincipalSet& set, bool complement) {
  if (!complement) {
    const bool everyone = std::ranges::any_of(set.identifiers, [](const Identifier& identifier) {
      return identifier.value.is("*") && (identifier.type == "*" || identifier.type == "AWS");
    });
    if (everyone) {
      return constant(true);
    }
  }
  make_candidates();
  Atom atom;
  atom.kind = AtomKind::kPrincipal;
  atom.must.resize(candidates_.size());
  atom.may.resize(candidates_.size());
  atom.sure.resize(candidates_.size());
  std::string text = complement ? "not-principal\1" : "principal\1";
  std::vector<std::pair<std::string, std::string>> grounds;
  bool holes = false;
  bool by_name = true;
  for (const Identifier& identifier : set.identifiers) {
    grounds.emplace_back(identifier.type, survey_.ground(identifier.value));
    text += identifier.type + '\1' + grounds.back().second + '\2';
    if (!identifier.value.known()) {
      holes = true;
      by_name = by_name && covers_by_name(identifier, grounds.back().second);
    }
    if (identifier.type == "AWS" && !account_of_identifier(grounds.back().second).empty()) {
      touched_.add(OpenPoint::kFedAccount);
    }
  }
  atom.principal_spelled = holes && by_name;
  const bool strict = complement && alternatives_.has(OpenPoint::kNpExempt);
  if (complement) {
    touched_.add(OpenPoint::kNpExempt);
  }
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    if (strict) {
      atom.must[i] = lists_every_identity(grounds, candidate.caller);
      atom.may[i] = atom.must[i] || holes || candidate.symbolic;
      atom.sure[i] = atom.may[i];
      continue;
    }
    for (std::size_t j = 0; j < grounds.size(); ++j) {
      const auto& [type, ground] = grounds[j];
      // A hole that stands for a list names nobody in particular.
      const Text& value = set.identifiers[j].value;
      const bool named = value.known() || !value.segments().front().is_hole || !value.segments().front().hole.many;
      atom.must[i] = atom.must[i] || (named && covers(type, ground, candidate.caller, alternatives_));
      const bool may = may_cover(type, value, ground, candidate, alternatives_);
      atom.may[i] = atom.may[i] || may;
      atom.sure[i] = atom.sure[i] || (may && !(candidate.fresh && names_an_account(set.identifiers[j], ground)));
    }
  }
  return literal(intern(text, std::move(atom)), true);
}

NodeId Problem::principal(const PrincipalFilter& filter) {
  make_candidates();
  Atom atom;
  atom.kind = AtomKind::kPrincipal;
  std::string text = "caller\1";
  for (const PrincipalType type : filter.types) {
    text += name(type);
    text += '\1';
  }
  enum class Degree : std::uint8_t { kMust, kMay, kSure };
  const auto matches = [&](const std::vector<Text>& wanted, const std::string& actual, const Candidate& candidate,
                           Degree degree) {
    return std::ranges::any_of(wanted, [&](const Text& one) {
      return survey_.ground(one) == actual ||
             (degree != Degree::kMust && !(degree == Degree::kSure && candidate.fresh) &&
              (!one.known() || candidate.symbolic) && of_account(candidate.caller.type));
    });
  };
  text += signature(filter.accounts) + '\4' + signature(filter.is);
  atom.principal_spelled =
      filter.is.empty() && std::ranges::any_of(filter.accounts, [](const Text& one) { return !one.known(); });
  for (const Candidate& candidate : candidates_) {
    const Caller& caller = candidate.caller;
    const bool type = filter.types.empty() || std::ranges::find(filter.types, caller.type) != filter.types.end();
    const auto fits = [&](Degree degree) {
      return type && (filter.accounts.empty() || matches(filter.accounts, caller.account, candidate, degree)) &&
             (filter.is.empty() || matches(filter.is, caller.text, candidate, degree));
    };
    atom.must.push_back(fits(Degree::kMust));
    atom.may.push_back(fits(Degree::kMay));
    atom.sure.push_back(fits(Degree::kSure));
  }
  return literal(intern(text, std::move(atom)), true);
}

// ---- Actions and resources. ----

NodeId Problem::action(const std::vector<Text>& list, bool policy) {
  std::vector<Pattern> patterns;
  for (const Text& text : list) {
    if (policy && text.is("*:*")) {
      touched_.add(OpenPoint::kActStarColon);
      if (alternatives_.has(OpenPoint::kActStarColon)) {
        continue;
      }
    }
    patterns.push_back(pattern(text, {.wildcards = true, .fold = true}));
    for (Token& one : patterns.back().tokens) {
      if (one.kind == TokenKind::kHole) {
        holes_.entries[one.index].wide = true;
      }
    }
    if (patterns.back().everything) {
      return constant(true);
    }
  }
  if (patterns.empty()) {
    return constant(false);
  }
  Atom atom;
  atom.kind = AtomKind::kAction;
  atom.set = std::make_shared<TextSet>(std::move(patterns), holes_);
  return literal(intern("action\1" + fold_case(signature(list)) + (policy ? policy_mark() : ""), std::move(atom)),
                 true);
}

NodeId Problem::resource(const std::vector<Text>& list, bool variables, bool policy) {
  std::vector<Pattern> plain;
  std::vector<NodeId> either;
  std::vector<Text> plain_texts;
  for (const Text& one : list) {
    Pattern made = pattern(one, {.wildcards = true,
                                 .variables = variables,
                                 .arn = PatternSyntax::Arn::kResource,
                                 .alternatives = policy ? alternatives_ : OpenPoints()});
    if (policy) {
      touched_.add(made.touched);
    }
    if (made.everything) {
      return constant(true);
    }
    if (made.malformed) {
      continue;
    }
    if (!made.has_variables()) {
      plain_texts.push_back(one);
      plain.push_back(std::move(made));
      continue;
    }
    touched_.add(OpenPoint::kEmptyVar);
    Atom link;
    link.kind = AtomKind::kResourceLink;
    link.patterns.push_back(made);
    link.set = std::make_shared<TextSet>(link.patterns, holes_);
    const std::string link_signature = "resource-link\1" + signature(made);
    const NodeId values = variables_have_values({std::move(made)});
    either.push_back(all({literal(intern(link_signature, std::move(link)), true), values}));
  }
  if (!plain.empty()) {
    Atom atom;
    atom.kind = AtomKind::kResource;
    atom.set = std::make_shared<TextSet>(std::move(plain), holes_);
    const bool escapes = variables && std::ranges::any_of(plain_texts, [](const Text& one) {
                           return one.str().find("${") != std::string::npos;
                         });
    const std::string text = std::string("resource\1") + (escapes ? "escapes\1" : "") + signature(plain_texts);
    either.push_back(literal(intern(text + (policy ? policy_mark() : ""), std::move(atom)), true));
  }
  return any(std::move(either));
}

NodeId Problem::resource_is(const std::vector<Text>& list) {
  std::vector<NodeId> either;
  for (const Text& one : list) {
    Pattern made = pattern(one, {.wildcards = false, .variables = true});
    Atom atom;
    const bool linked = made.has_variables();
    atom.kind = linked ? AtomKind::kResourceLink : AtomKind::kResource;
    const std::string text = "resource-link\1" + signature(made);
    const NodeId values = linked ? variables_have_values({made}) : constant(true);
    if (linked) {
      atom.patterns.push_back(made);
    }
    atom.set = std::make_shared<TextSet>(std::vector<Pattern>{std::move(made)}, holes_);
    either.push_back(all({literal(intern(text, std::move(atom)), true), values}));
  }
  return any(std::move(either));
}

// ---- Conditions. ----

NodeId Problem::key_atom(const KeyAtom& atom, const std::string& signature) {
  Atom made;
  made.kind = AtomKind::kKey;
  made.key = atom;
  return literal(intern(signature, std::move(made)), true);
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
  atom.test = value_test(op, {Text(text)}, key, false);
  return key_atom(atom, std::string(fold ? "is-folded\1" : "is\1") + std::to_string(key) + '\1' + text);
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

ValueTest Problem::value_test(const ConditionOperator& op, const std::vector<Text>& values, KeyId key, bool policy) {
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
  (void)key;
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
  if (!condition.key.known() || !condition.operator_text.known() || condition.op.family == OperatorFamily::kUnknown) {
    return open(Hole{.name = "the condition " + condition.operator_text.str() + " " + condition.key.str()});
  }
  const KeyId key = *find_key(condition.key.str());
  const ConditionOperator& op = condition.op;
  if (op.family == OperatorFamily::kNull) {
    return null_condition(condition, key);
  }
  std::vector<Text> plain;
  std::vector<Pattern> linked;
  const bool text_family = is_text_family(op.family) && op.family != OperatorFamily::kBinaryEquals;
  for (const Text& value : condition.values.items) {
    if (variables && text_family) {
      Pattern made = pattern(value, syntax_of(op.family, true, alternatives_));
      if (made.has_variables()) {
        linked.push_back(std::move(made));
        continue;
      }
      // Escapes such as ${*} are resolved by the compiler; the text is compiled again for its own set.
    }
    plain.push_back(value);
  }
  KeyAtom atom;
  atom.key = key;
  atom.test.op = op;
  std::string text = "condition\1" + std::to_string(key) + '\1' + std::to_string(static_cast<int>(op.family)) +
                     (op.negated ? 'n' : 'p') + (variables && text_family ? 'v' : 'l') + '\1' + signature(plain);
  if (text_family && variables) {
    atom.test = value_test(op, {}, key, true);
    std::vector<Pattern> patterns;
    for (const Text& value : plain) {
      patterns.push_back(pattern(value, syntax_of(op.family, true, alternatives_)));
      if (op.family == OperatorFamily::kArnLike && patterns.back().malformed && op.negated) {
        touched_.add(OpenPoint::kArnMalformed);
        atom.test.unreadable_fails = alternatives_.has(OpenPoint::kArnMalformed);
      }
    }
    atom.test.set = std::make_shared<TextSet>(std::move(patterns), holes_);
  } else {
    atom.test = value_test(op, plain, key, true);
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
    return key_atom(atom, text);
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
  values.push_back(key_atom(atom, text));
  for (const Pattern& one : linked) {
    const NodeId value = linked_value(key, one, op);
    values.push_back(op.negated ? negate(value) : value);
  }
  return op.negated ? all(std::move(values)) : any(std::move(values));
}

// ---- Statements and documents. ----

NodeId Problem::statement(const Statement& one, bool variables, PolicyKind kind) {
  std::vector<NodeId> parts;
  if (one.actions.present) {
    parts.push_back(action(one.actions.items, true));
  } else if (one.not_actions.present) {
    parts.push_back(negate(action(one.not_actions.items, true)));
  } else {
    return constant(false);
  }
  if (kind != PolicyKind::kIdentity) {
    if (one.principals.present) {
      parts.push_back(principal(one.principals, false));
    } else if (one.not_principals.present) {
      parts.push_back(negate(principal(one.not_principals, true)));
    } else {
      return constant(false);
    }
  }
  if (one.resources.present) {
    parts.push_back(resource(one.resources.items, variables, true));
  } else if (one.not_resources.present) {
    parts.push_back(negate(resource(one.not_resources.items, variables, true)));
  }
  for (const Condition& each : one.conditions) {
    parts.push_back(condition(each, variables));
  }
  if (one.open) {
    parts.push_back(open(*one.open));
  }
  return all(std::move(parts));
}

Problem::Matches Problem::matches(std::span<const PolicyDocument* const> documents, PolicyKind kind) {
  Matches out;
  for (const PolicyDocument* document : documents) {
    const bool variables = document->has_variables() != Truth::kNo;
    if (document->has_variables() == Truth::kUnknown) {
      assumed_.emplace_back("the version of the policy is 2012-10-17");
    }
    for (const Statement& one : document->statements) {
      if (one.effect == Effect::kInvalid) {
        continue;
      }
      const NodeId match = statement(one, variables, kind);
      if (one.effect == Effect::kUnknown) {
        const NodeId deny = open(Hole{.name = one.effect_text.str()});
        out.deny.push_back(all({deny, match}));
        out.allow.push_back(all({negate(deny), match}));
      } else {
        (one.effect == Effect::kDeny ? out.deny : out.allow).push_back(match);
      }
    }
    if (document->open) {
      out.deny.push_back(open(Hole{.name = document->open->name + " (denies)", .symbol = document->open->symbol}));
      out.allow.push_back(open(Hole{.name = document->open->name + " (allows)", .symbol = document->open->symbol}));
    }
  }
  return out;
}

NodeId Problem::denied(std::span<const PolicyDocument* const> documents, PolicyKind kind) {
  return any(matches(documents, kind).deny);
}

NodeId Problem::allowed(std::span<const PolicyDocument* const> documents, PolicyKind kind) {
  Matches found = matches(documents, kind);
  return all({negate(any(std::move(found.deny))), any(std::move(found.allow))});
}

// ---- Formulas. ----

NodeId Problem::key_formula(const Formula& formula) {
  const KeyId key = *find_key(formula.key);
  KeyAtom atom;
  atom.key = key;
  ConditionOperator op;
  switch (formula.kind) {
    case FormulaKind::kAbsent:
    case FormulaKind::kPresent: {
      atom.form = KeyForm::kPresence;
      atom.on_present = true;
      const NodeId node = key_atom(atom, "present\1" + std::to_string(key));
      return formula.kind == FormulaKind::kPresent ? node : negate(node);
    }
    case FormulaKind::kLike:
      op.family = OperatorFamily::kStringLike;
      break;
    case FormulaKind::kLess:
      op.family = OperatorFamily::kNumericLessThan;
      break;
    case FormulaKind::kNotLess:
      op.family = OperatorFamily::kNumericGreaterThanEquals;
      break;
    case FormulaKind::kBefore:
      op.family = OperatorFamily::kDateLessThan;
      break;
    case FormulaKind::kNotBefore:
      op.family = OperatorFamily::kDateGreaterThanEquals;
      break;
    case FormulaKind::kIp:
      op.family = OperatorFamily::kIpAddress;
      break;
    case FormulaKind::kArnLike:
      op.family = OperatorFamily::kArnLike;
      break;
    default:
      op.family = OperatorFamily::kStringEquals;
      break;
  }
  atom.test = value_test(op, formula.values, key, false);
  std::string text = "condition\1" + std::to_string(key) + '\1' + std::to_string(static_cast<int>(op.family)) + "pl\1" +
                     signature(formula.values);
  if (formula.kind == FormulaKind::kHas || formula.kind == FormulaKind::kSubset) {
    atom.form = formula.kind == FormulaKind::kHas ? KeyForm::kSome : KeyForm::kAll;
    atom.on_absent = formula.kind == FormulaKind::kSubset;
    return key_atom(atom, text + (atom.form == KeyForm::kSome ? "\1has" : "\1subset"));
  }
  atom.form = KeyForm::kSingle;
  return key_atom(atom, text + "\1f");
}

NodeId Problem::formula(const Formula& given) {
  if (depth_ >= kMaxDepth) {
    return open(Hole{.name = "a formula that is nested too deeply"});
  }
  switch (given.kind) {
    case FormulaKind::kTrue:
      return constant(true);
    case FormulaKind::kAll:
    case FormulaKind::kAny:
    case FormulaKind::kNot: {
      ++depth_;
      std::vector<NodeId> children;
      for (const Formula& child : given.children) {
        children.push_back(formula(child));
      }
      --depth_;
      if (given.kind == FormulaKind::kNot) {
        return negate(children.front());
      }
      return given.kind == FormulaKind::kAll ? all(std::move(children)) : any(std::move(children));
    }
    case FormulaKind::kKeyEquals:
      return keys_equal(*find_key(given.key), *find_key(given.other), false);
    case FormulaKind::kAction:
      return action(given.values, false);
    case FormulaKind::kResource:
      return resource(given.values, false, false);
    case FormulaKind::kResourceIs:
      return resource_is(given.values);
    case FormulaKind::kPrincipal:
      return principal(given.principal);
    default:
      return key_formula(given);
  }
}

std::unique_ptr<TextSet> Problem::substituted(const std::vector<Pattern>& patterns,
                                              const std::map<KeyId, std::string>& values) const {
  std::vector<Pattern> made;
  made.reserve(patterns.size());
  for (const Pattern& one : patterns) {
    made.push_back(substitute(one, [&](const std::string& name) -> std::optional<std::string> {
      const auto key = find_key(name);
      const auto value = key ? values.find(*key) : values.end();
      return value == values.end() ? std::nullopt : std::optional(value->second);
    }));
  }
  return std::make_unique<TextSet>(std::move(made), holes_);
}

}  // namespace gabion::iam
