#include "iam/formula.h"

#include <algorithm>
#include <array>
#include <utility>

#include "iam/condition.h"
#include "iam/pattern.h"
#include "iam/principal.h"
#include "iam/scalar.h"
#include "iam/tree.h"
#include "syntax/json/parser.h"

namespace gabion::iam {

namespace {

/// Nesting of formulas; people write three levels.
constexpr std::uint32_t kMaxDepth = 64;

struct Word {
  std::string_view name;
  FormulaKind kind;
};

/// Operators that take [key, value or values].
constexpr std::array<Word, 12> kTests{{
    {"eq", FormulaKind::kIn},
    {"in", FormulaKind::kIn},
    {"like", FormulaKind::kLike},
    {"keyeq", FormulaKind::kKeyEquals},
    {"lt", FormulaKind::kLess},
    {"ge", FormulaKind::kNotLess},
    {"before", FormulaKind::kBefore},
    {"notbefore", FormulaKind::kNotBefore},
    {"ip", FormulaKind::kIp},
    {"has", FormulaKind::kHas},
    {"subset", FormulaKind::kSubset},
    {"arnlike", FormulaKind::kArnLike},
}};

constexpr std::array<std::pair<std::string_view, PrincipalType>, 8> kPrincipalTypes{{
    {"root", PrincipalType::kRoot},
    {"user", PrincipalType::kUser},
    {"role", PrincipalType::kRole},
    {"session", PrincipalType::kSession},
    {"federated-user", PrincipalType::kFederatedUser},
    {"service", PrincipalType::kService},
    {"federated", PrincipalType::kFederated},
    {"anonymous", PrincipalType::kAnonymous},
}};

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

/// Reads formulas from structured data; stops at the first mistake.
class Reader {
 public:
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] bool open() const { return open_; }

  Formula formula(const Tree& tree, std::uint32_t depth) {
    Formula out;
    if (depth == 0) {
      fail("the formula is nested too deeply");
      return out;
    }
    if (tree.kind == Tree::Kind::kBool && tree.text.is("true")) {
      return out;
    }
    if (tree.kind != Tree::Kind::kObject || tree.members.size() != 1) {
      open_ = open_ || tree.kind == Tree::Kind::kHole;
      fail("a formula is an object with one operator, such as {\"action\": \"s3:*\"}");
      return out;
    }
    const std::string op = tree.members.front().name.str();
    const Tree& operand = tree.members.front().value;
    if (op == "true") {
      return out;
    }
    if (op == "not") {
      out.kind = FormulaKind::kNot;
      out.children.push_back(formula(operand, depth - 1));
      return out;
    }
    if (op == "all" || op == "any") {
      out.kind = op == "all" ? FormulaKind::kAll : FormulaKind::kAny;
      if (operand.kind != Tree::Kind::kArray) {
        open_ = open_ || operand.kind == Tree::Kind::kHole;
        fail(quoted(op) + " needs a list of formulas");
        return out;
      }
      for (const Tree& child : operand.elements) {
        out.children.push_back(formula(child, depth - 1));
      }
      return out;
    }
    if (op == "absent" || op == "present") {
      out.kind = op == "absent" ? FormulaKind::kAbsent : FormulaKind::kPresent;
      out.key = known_text(operand, quoted(op) + " needs a key");
      return out;
    }
    if (op == "action" || op == "resource" || op == "resourceIs") {
      out.kind = op == "action"     ? FormulaKind::kAction
                 : op == "resource" ? FormulaKind::kResource
                                    : FormulaKind::kResourceIs;
      out.values = texts(operand, op);
      return out;
    }
    if (op == "principal") {
      out.kind = FormulaKind::kPrincipal;
      principal(operand, out.principal);
      return out;
    }
    const auto test = std::ranges::find(kTests, op, &Word::name);
    if (test == kTests.end()) {
      std::vector<std::string_view> names{"all",    "any",      "not",        "absent",   "present",
                                          "action", "resource", "resourceIs", "principal"};
      std::ranges::transform(kTests, std::back_inserter(names), &Word::name);
      const std::string_view near = nearest(op, names);
      fail(quoted(op) + " is no operator of formulas" + (near.empty() ? "" : "; nearest is " + quoted(near)));
      return out;
    }
    out.kind = test->kind;
    if (operand.kind != Tree::Kind::kArray || operand.elements.size() != 2) {
      fail(quoted(op) + " needs a key and a value");
      return out;
    }
    out.key = known_text(operand.elements[0], "the key of " + quoted(op) + " is no text");
    if (out.kind == FormulaKind::kKeyEquals) {
      out.other = known_text(operand.elements[1], "the second key of \"keyeq\" is no text");
      return out;
    }
    out.values = texts(operand.elements[1], op);
    check_values(out, op);
    return out;
  }

 private:
  void fail(std::string message) {
    if (error_.empty()) {
      error_ = std::move(message);
    }
  }

  std::string known_text(const Tree& tree, const std::string& message) {
    if (!tree.is_scalar() || !tree.text.known()) {
      fail(message);
      return {};
    }
    return tree.text.str();
  }

  std::vector<Text> texts(const Tree& tree, std::string_view op) {
    std::vector<Text> out;
    const auto add = [&](const Tree& item) {
      if (item.is_scalar()) {
        out.push_back(item.whole_text());
      } else if (item.kind == Tree::Kind::kHole) {
        out.emplace_back(*item.hole, item.region, item.origin);
      } else {
        fail("a value of " + quoted(op) + " is no text");
      }
    };
    if (tree.kind == Tree::Kind::kArray) {
      std::ranges::for_each(tree.elements, add);
    } else {
      add(tree);
    }
    return out;
  }

  /// Numbers, dates and addresses must be readable: a test that can never hold would make a proof worthless.
  void check_values(const Formula& formula, std::string_view op) {
    const bool single = formula.kind == FormulaKind::kLess || formula.kind == FormulaKind::kNotLess ||
                        formula.kind == FormulaKind::kBefore || formula.kind == FormulaKind::kNotBefore;
    if (single && formula.values.size() != 1) {
      fail(quoted(op) + " needs a key and one value");
      return;
    }
    for (const Text& value : formula.values) {
      if (!value.known()) {
        continue;
      }
      const std::string text = value.str();
      bool readable = true;
      std::string_view wanted;
      switch (formula.kind) {
        case FormulaKind::kLess:
        case FormulaKind::kNotLess:
          readable = parse_decimal(text).has_value();
          wanted = "number";
          break;
        case FormulaKind::kBefore:
        case FormulaKind::kNotBefore:
          readable = parse_instant(text).has_value();
          wanted = "date";
          break;
        case FormulaKind::kIp:
          readable = parse_range(text).has_value();
          wanted = "address or CIDR block";
          break;
        default:
          break;
      }
      if (!readable) {
        fail(quoted(text) + " in " + quoted(op) + " is no " + std::string(wanted));
      }
    }
  }

  void principal(const Tree& tree, PrincipalFilter& out) {
    if (tree.kind != Tree::Kind::kObject) {
      fail("\"principal\" needs an object with type, account or is");
      return;
    }
    for (const TreeMember& member : tree.members) {
      const std::string name = member.name.str();
      if (name == "type") {
        for (const Text& text : texts(member.value, "type")) {
          const std::string wanted = text.str();
          const auto* found =
              std::ranges::find_if(kPrincipalTypes, [&](const auto& type) { return type.first == wanted; });
          if (found == kPrincipalTypes.end()) {
            fail(quoted(wanted) + " is no type of principal");
            return;
          }
          out.types.push_back(found->second);
        }
      } else if (name == "account") {
        out.accounts = texts(member.value, "account");
      } else if (name == "is") {
        out.is = texts(member.value, "is");
      } else {
        fail(quoted(name) + " is no property of a principal; there are type, account and is");
      }
    }
  }

  bool open_ = false;
  std::string error_;
};

ParsedFormula read(const Tree& tree) {
  Reader reader;
  Formula formula = reader.formula(tree, kMaxDepth);
  if (!reader.error().empty()) {
    return {std::nullopt, reader.error(), reader.open()};
  }
  return {std::move(formula), {}};
}

/// The one value of a key, or null.
const std::string* single(const RequestContext& context, std::string_view key) {
  const ContextValue* value = find_key(context, key);
  return value != nullptr && value->values.size() == 1 ? &value->values.front() : nullptr;
}

bool any_is(const std::vector<Text>& texts, std::string_view value) {
  return std::ranges::any_of(texts, [&](const Text& text) { return text.is(value); });
}

bool principal_holds(const PrincipalFilter& filter, const Caller& caller) {
  return (filter.types.empty() || std::ranges::find(filter.types, caller.type) != filter.types.end()) &&
         (filter.accounts.empty() || any_is(filter.accounts, caller.account)) &&
         (filter.is.empty() || any_is(filter.is, caller.text));
}

bool resource_holds(const Formula& formula, const Request& request) {
  return std::ranges::any_of(formula.values, [&](const Text& text) {
    const bool exact = formula.kind == FormulaKind::kResourceIs;
    const Pattern pattern = compile_pattern(text, resource_syntax(formula.kind));
    if (pattern.everything) {
      return true;
    }
    if (!exact && arn_fields(request.resource) < 6) {
      return false;
    }
    return match(substitute(pattern, [&](const std::string& key) { return variable_value(request.context, key, {}); }),
                 request.resource);
  });
}

bool holds_at(const Formula& formula, const Request& request, std::uint32_t depth) {
  if (depth == 0) {
    return false;
  }
  const auto child_holds = [&](const Formula& child) { return holds_at(child, request, depth - 1); };
  switch (formula.kind) {
    case FormulaKind::kTrue:
      return true;
    case FormulaKind::kAll:
      return std::ranges::all_of(formula.children, child_holds);
    case FormulaKind::kAny:
      return std::ranges::any_of(formula.children, child_holds);
    case FormulaKind::kNot:
      return !child_holds(formula.children.front());
    case FormulaKind::kAbsent:
    case FormulaKind::kPresent: {
      const ContextValue* value = find_key(request.context, formula.key);
      const bool present = value != nullptr && !value->values.empty();
      return present == (formula.kind == FormulaKind::kPresent);
    }
    case FormulaKind::kIn: {
      const std::string* value = single(request.context, formula.key);
      return value != nullptr && any_is(formula.values, *value);
    }
    case FormulaKind::kKeyEquals: {
      const std::string* value = single(request.context, formula.key);
      const std::string* other = single(request.context, formula.other);
      return value != nullptr && other != nullptr && *value == *other;
    }
    case FormulaKind::kHas:
    case FormulaKind::kSubset: {
      const ContextValue* value = find_key(request.context, formula.key);
      const auto listed = [&](const std::string& one) { return any_is(formula.values, one); };
      const bool some = formula.kind == FormulaKind::kHas;
      if (value == nullptr) {
        return !some;
      }
      return some ? std::ranges::any_of(value->values, listed) : std::ranges::all_of(value->values, listed);
    }
    case FormulaKind::kLike:
    case FormulaKind::kLess:
    case FormulaKind::kNotLess:
    case FormulaKind::kBefore:
    case FormulaKind::kNotBefore:
    case FormulaKind::kIp:
    case FormulaKind::kArnLike: {
      const std::string* value = single(request.context, formula.key);
      const ConditionScope scope{request.context, false, {}};
      return value != nullptr && std::ranges::any_of(formula.values, [&](const Text& text) {
               return test_value(operator_of(formula.kind), text, *value, scope).value_or(false);
             });
    }
    case FormulaKind::kAction:
      return std::ranges::any_of(
          formula.values, [&](const Text& text) { return text.known() && glob(text.str(), request.action, true); });
    case FormulaKind::kResource:
    case FormulaKind::kResourceIs:
      return resource_holds(formula, request);
    case FormulaKind::kPrincipal:
      return principal_holds(formula.principal, read_caller(request.principal));
  }
  return false;
}

}  // namespace

PatternSyntax resource_syntax(FormulaKind kind) {
  const bool exact = kind == FormulaKind::kResourceIs;
  return {.wildcards = !exact,
          .variables = exact,
          .arn = exact ? PatternSyntax::Arn::kNone : PatternSyntax::Arn::kResource};
}

void add_keys(const Formula& formula, std::vector<std::string>& out) {
  for (const std::string* key : {&formula.key, &formula.other}) {
    if (!key->empty()) {
      out.push_back(*key);
    }
  }
  for (const Formula& child : formula.children) {
    add_keys(child, out);
  }
}

ConditionOperator operator_of(FormulaKind kind) {
  ConditionOperator op;
  switch (kind) {
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
  return op;
}

Formula Formula::all(std::vector<Formula> children) {
  Formula out;
  out.kind = FormulaKind::kAll;
  out.children = std::move(children);
  return out;
}

Formula Formula::any(std::vector<Formula> children) {
  Formula out;
  out.kind = FormulaKind::kAny;
  out.children = std::move(children);
  return out;
}

Formula Formula::negation(Formula child) {
  Formula out;
  out.kind = FormulaKind::kNot;
  out.children.push_back(std::move(child));
  return out;
}

Formula Formula::test(FormulaKind kind, std::string key, std::vector<Text> values) {
  Formula out;
  out.kind = kind;
  out.key = std::move(key);
  out.values = std::move(values);
  return out;
}

ParsedFormula read_formula(std::string_view json) {
  source::Arena arena;
  const syntax::json::Parsed parsed = syntax::json::parse(json, {}, arena, {});
  if (!parsed.ok()) {
    return {std::nullopt, parsed.diagnostics.empty() ? "the formula is no JSON"
                                                     : "the formula is no JSON: " + parsed.diagnostics.front().message};
  }
  TreeStore store;
  return read(read_tree(*parsed.value, {}, kMaxDepth * 2, store));
}

ParsedFormula read_formula(const eval::Value& value, const ReadOptions& options) {
  TreeStore store;
  return read(read_tree(value, options, nullptr, kMaxDepth * 2, store));
}

bool holds(const Formula& formula, const Request& request) {
  return holds_at(formula, request, kMaxDepth + 1);
}

}  // namespace gabion::iam
