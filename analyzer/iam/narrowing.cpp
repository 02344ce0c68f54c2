#include "iam/narrowing.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "iam/open_point.h"
#include "iam/pattern.h"
#include "iam/principal.h"

namespace gabion::iam {

namespace {

/// A pattern of an Action element against the name of an action, in the most generous reading.
bool may_match(const Text& pattern, const std::vector<Text>& names) {
  return !pattern.known() ||
         std::ranges::any_of(names, [&](const Text& name) { return covers_action(pattern, name.literal()); });
}

bool has_type(const PrincipalFilter& filter, std::initializer_list<PrincipalType> types) {
  return filter.types.empty() || std::ranges::find_first_of(filter.types, types) != filter.types.end();
}

/// Could an account, user or role, or whatever a text with holes stands for, be or have a caller that passes the
/// filter?
bool may_name_caller(const Text& value, const PrincipalFilter& filter) {
  // Stars have no meaning within an ARN here, so whatever is not known of one, it is that of somebody who exists.
  const bool is_arn = !value.segments().empty() && value.segments().front().text.starts_with("arn:");
  if (value.is("*") || !(is_handed_out(value) || is_arn)) {
    return true;  // everybody, or perhaps everybody
  }
  // Providers of an account count as the account's by one reading of the documentation.
  if (!has_type(filter, {PrincipalType::kRoot, PrincipalType::kUser, PrincipalType::kRole, PrincipalType::kSession,
                         PrincipalType::kFederatedUser, PrincipalType::kFederated})) {
    return false;
  }
  const bool accounts_known =
      !filter.accounts.empty() && std::ranges::all_of(filter.accounts, [](const Text& one) { return one.known(); });
  if (!accounts_known) {
    return true;
  }
  if (!value.known()) {
    return !std::ranges::all_of(filter.accounts, [](const Text& one) { return one.is(kNoAccount); });
  }
  const std::string text = value.str();
  const std::string_view whole = account_of_identifier(text);
  const std::string account = whole.empty() ? read_caller(text).account : std::string(whole);
  return account.empty() || std::ranges::any_of(filter.accounts, [&](const Text& one) { return one.is(account); });
}

/// Makes a new statement stand in the place of another one and match nothing. It keeps which elements are there.
void put_shell(const Statement& statement, Statement& out) {
  out.effect = statement.effect;
  out.actions.present = true;
  out.resources.present = statement.resources.present;
  out.not_resources.present = statement.not_resources.present;
  out.principals.present = statement.principals.present;
  out.not_principals.present = statement.not_principals.present;
  if (!statement.effect_text.known()) {
    out.effect_text = statement.effect_text;
  }
  out.region = statement.region;
  out.index = statement.index;
  out.origin = statement.origin;
}

/// The value that a key has in every request that satisfies the formula. An empty one is none by one reading.
std::optional<std::string> known_value(const Formula& formula, const std::string& key) {
  if (formula.kind == FormulaKind::kAll) {
    for (const Formula& child : formula.children) {
      if (std::optional<std::string> found = known_value(child, key)) {
        return found;
      }
    }
  }
  const bool is_value = formula.kind == FormulaKind::kIn && equal_folded(formula.key, key) &&
                        formula.values.size() == 1 && formula.values.front().known() &&
                        !formula.values.front().literal().empty();
  return is_value ? std::optional(formula.values.front().str()) : std::nullopt;
}

/// What is left of a list.
template <class Item, class Keep>
std::vector<Item> kept(const std::vector<Item>& items, const Keep& keep) {
  std::vector<Item> out;
  std::ranges::copy_if(items, std::back_inserter(out), keep);
  return out;
}

}  // namespace

Subject::Subject(const Formula& formula)
    : formula_(&formula), actions_(named_actions(formula)), callers_(callers_of(formula)) {}

const std::vector<std::vector<Pattern>>& Subject::resources() const {
  if (!resources_) {
    add_resources(*formula_, resources_.emplace());
  }
  return *resources_;
}

const std::vector<Text>* Subject::named_actions(const Formula& formula) {
  if (formula.kind == FormulaKind::kAction) {
    const bool plain = std::ranges::all_of(formula.values, [](const Text& text) {
      return text.known() && text.literal().find_first_of("*?") == std::string_view::npos;
    });
    return plain ? &formula.values : nullptr;
  }
  if (formula.kind == FormulaKind::kAll) {
    for (const Formula& child : formula.children) {
      if (const std::vector<Text>* found = named_actions(child)) {
        return found;
      }
    }
  }
  return nullptr;
}

std::vector<Subject::Either> Subject::callers_of(const Formula& formula) {
  std::vector<Either> out;
  if (formula.kind == FormulaKind::kPrincipal) {
    out.push_back({&formula.principal});
  } else if (formula.kind == FormulaKind::kAll) {
    for (const Formula& child : formula.children) {
      std::ranges::move(callers_of(child), std::back_inserter(out));
    }
  } else if (formula.kind == FormulaKind::kAny) {
    Either& either = out.emplace_back();
    for (const Formula& child : formula.children) {
      const std::vector<Either> bounds = callers_of(child);
      if (bounds.empty()) {
        return {};
      }
      std::ranges::copy(bounds.front(), std::back_inserter(either));
    }
  }
  return out;
}

PrincipalTypes Subject::types_of(const std::vector<Either>& callers) {
  const PrincipalTypes all = PrincipalTypes().set();
  PrincipalTypes types = all;
  for (const Either& either : callers) {
    PrincipalTypes some;
    for (const PrincipalFilter* filter : either) {
      some |= filter->types.empty() ? all : PrincipalTypes();
      for (const PrincipalType type : filter->types) {
        some.set(static_cast<std::size_t>(type));
      }
    }
    types &= some;
  }
  return types;
}

void Subject::add_resources(const Formula& formula, std::vector<std::vector<Pattern>>& out) {
  switch (formula.kind) {
    case FormulaKind::kResource:
    case FormulaKind::kResourceIs: {
      std::vector<Pattern>& patterns = out.emplace_back();
      std::ranges::transform(formula.values, std::back_inserter(patterns),
                             [&](const Text& text) { return compile_pattern(text, resource_syntax(formula.kind)); });
      break;
    }
    case FormulaKind::kAll:
      for (const Formula& child : formula.children) {
        add_resources(child, out);
      }
      break;
    case FormulaKind::kAny: {
      std::vector<Pattern> either;
      for (const Formula& child : formula.children) {
        std::vector<std::vector<Pattern>> bounds;
        add_resources(child, bounds);
        if (bounds.empty()) {
          return;
        }
        std::ranges::move(bounds.front(), std::back_inserter(either));
      }
      out.push_back(std::move(either));
      break;
    }
    default:
      break;
  }
}

bool Subject::by_actions(const Statement& statement) const {
  return actions_ != nullptr && statement.actions.present && !statement.not_actions.present;
}

bool Subject::by_callers(const Statement& statement, PolicyKind kind) {
  return kind != PolicyKind::kIdentity && statement.principals.present && !statement.not_principals.present;
}

Pattern Subject::with_known_values(const Pattern& pattern) const {
  const auto value_of = [&](const std::string& key) { return known_value(*formula_, key); };
  const bool known = std::ranges::all_of(
      pattern.variables, [&](const PolicyVariable& variable) { return value_of(variable.key).has_value(); });
  return known ? substitute(pattern, value_of) : pattern;
}

bool Subject::is_apart(const Text& text, Truth variables) const {
  const auto known = std::ranges::find_if(
      compared_, [&](const Compared& one) { return one.variables == variables && one.text == text; });
  if (known != compared_.end()) {
    return known->apart;
  }
  const bool apart = find_apart(text, variables);
  if (compared_.size() < kMostCompared) {
    compared_.push_back({.text = text, .variables = variables, .apart = apart});
  }
  return apart;
}

bool Subject::find_apart(const Text& text, Truth variables) const {
  const auto apart = [&](const Pattern& written) {
    const std::optional<Pattern> known =
        written.has_variables() ? std::optional(with_known_values(written)) : std::nullopt;
    const Pattern& pattern = known ? *known : written;
    return std::ranges::any_of(resources(), [&](const std::vector<Pattern>& either) {
      return std::ranges::all_of(either, [&](const Pattern& one) { return surely_apart(pattern, one); });
    });
  };
  PatternSyntax syntax{.wildcards = true, .variables = variables != Truth::kNo, .arn = PatternSyntax::Arn::kResource};
  const Pattern pattern = compile_pattern(text, syntax);
  if (!apart(pattern) || (variables == Truth::kUnknown && pattern.has_variables())) {
    return false;
  }
  for (std::size_t i = 0; i < kOpenPointCount; ++i) {
    const auto point = static_cast<OpenPoint>(i);
    if (pattern.touched.has(point)) {
      syntax.alternatives = OpenPoints(point);
      if (!apart(compile_pattern(text, syntax))) {
        return false;
      }
    }
  }
  return true;
}

bool Subject::narrow_resources(const Statement& statement, Truth variables, TextList& out) const {
  const TextList& all = statement.resources;
  if (statement.open || !all.present || resources().empty()) {
    out = all;
    return true;
  }
  out.present = true;
  out.scalar = all.scalar;
  out.region = all.region;
  out.key_region = all.key_region;
  out.items = kept(all.items, [&](const Text& text) { return !is_apart(text, variables); });
  return !out.items.empty();
}

bool Subject::excludes(const Statement& statement) const {
  if (statement.open || statement.conditions.empty()) {
    return false;
  }
  const KeyBounds& keys = keys_ ? *keys_ : keys_.emplace(*formula_);
  return std::ranges::any_of(statement.conditions, [&](const Condition& one) { return keys.exclude(one); });
}

bool Subject::may_cover(const Identifier& identifier) const {
  return std::ranges::all_of(callers_, [&](const Either& either) {
    return std::ranges::any_of(either, [&](const PrincipalFilter* filter) {
      if (identifier.type == "Service") {
        return has_type(*filter, {PrincipalType::kService});
      }
      if (identifier.type == "Federated") {
        return has_type(*filter, {PrincipalType::kFederated});
      }
      return identifier.type != "AWS" || may_name_caller(identifier.value, *filter);
    });
  });
}

bool Subject::concerns(const Statement& statement, PolicyKind kind, Truth variables) const {
  if (statement.open) {
    return true;
  }
  return (!by_actions(statement) ||
          std::ranges::any_of(statement.actions.items,
                              [&](const Text& pattern) { return may_match(pattern, *actions_); })) &&
         (!by_callers(statement, kind) ||
          std::ranges::any_of(statement.principals.identifiers,
                              [&](const Identifier& identifier) { return may_cover(identifier); })) &&
         (!statement.resources.present || resources().empty() ||
          std::ranges::any_of(statement.resources.items,
                              [&](const Text& text) { return !is_apart(text, variables); })) &&
         !excludes(statement);
}

bool Subject::may_allow(const PolicyDocument& document, PolicyKind kind) const {
  if (document.open) {
    return true;
  }
  const Truth variables = document.has_variables();
  return std::ranges::any_of(document.statements, [&](const Statement& statement) {
    return iam::may_allow(statement) && concerns(statement, kind, variables);
  });
}

void Subject::narrow(const Statement& statement, PolicyKind kind, Truth variables, Statement& out) const {
  if (statement.open) {
    out = statement;
    return;
  }
  put_shell(statement, out);
  // Most statements of long policies go, and nothing of them is copied.
  std::vector<Text> actions;
  if (by_actions(statement)) {
    actions = actions_->size() == 1
                  ? actions_about(statement.actions.items, actions_->front().literal())
                  : kept(statement.actions.items, [&](const Text& pattern) { return may_match(pattern, *actions_); });
    if (actions.empty()) {
      return;
    }
  }
  std::vector<Identifier> identifiers;
  if (by_callers(statement, kind)) {
    identifiers =
        kept(statement.principals.identifiers, [&](const Identifier& identifier) { return may_cover(identifier); });
    if (identifiers.empty()) {
      return;
    }
  }
  TextList resources;
  if (!narrow_resources(statement, variables, resources) || excludes(statement)) {
    return;
  }
  out.sid = statement.sid;
  out.effect_text = statement.effect_text;
  if (by_actions(statement)) {
    out.actions.items = std::move(actions);
  } else {
    out.actions = statement.actions;
  }
  if (by_callers(statement, kind)) {
    out.principals.identifiers = std::move(identifiers);
  } else {
    out.principals = statement.principals;
  }
  out.resources = std::move(resources);
  out.not_actions = statement.not_actions;
  out.not_resources = statement.not_resources;
  out.not_principals = statement.not_principals;
  out.conditions = statement.conditions;
}

PolicyDocument Subject::narrowed(const PolicyDocument& document, PolicyKind kind) const {
  PolicyDocument out;
  out.version = document.version;
  out.open = document.open;
  out.region = document.region;
  out.origin = document.origin;
  const Truth variables = document.has_variables();
  out.statements.reserve(document.statements.size());
  for (const Statement& statement : document.statements) {
    narrow(statement, kind, variables, out.statements.emplace_back());
  }
  return out;
}

std::vector<Text> actions_about(const std::vector<Text>& patterns, std::string_view action) {
  std::vector<Text> out;
  // "*:*" covers everything by one reading alone.
  const auto needs_itself = [](const Text& pattern) { return !pattern.known() || pattern.is("*:*"); };
  bool named = false;
  for (const Text& pattern : patterns) {
    if (needs_itself(pattern)) {
      out.push_back(pattern);
    } else if (!named && covers_action(pattern, action)) {
      named = true;
      out.emplace_back(action);
    }
  }
  return out;
}

bool may_allow(const Statement& statement) {
  const bool shell = statement.actions.present && statement.actions.items.empty() && !statement.open;
  return !shell && (statement.effect == Effect::kAllow || statement.effect == Effect::kUnknown);
}

bool may_allow(const PolicyDocument& document) {
  return document.open ||
         std::ranges::any_of(document.statements, [](const Statement& statement) { return may_allow(statement); });
}

}  // namespace gabion::iam
