#include "engine/fix_arguments.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>

#include "engine/fix_module_facts.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using hcl::as;
using hcl::Expression;
using hcl::ExpressionKind;

NamePath split(std::string_view path) {
  NamePath result;
  while (true) {
    const std::size_t dot = path.find('.');
    result.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) {
      return result;
    }
    path.remove_prefix(dot + 1);
  }
}

/// Puts a value into nested objects.
void place(FixValue& object, std::span<const std::string_view> path, const FixValue& value) {
  object.kind = FixValue::Kind::kObject;
  auto member = std::find_if(object.members.begin(), object.members.end(),
                             [&](const FixMember& one) { return one.name == path.front(); });
  if (member == object.members.end()) {
    object.members.emplace_back(std::string(path.front()), FixValue{});
    member = object.members.end() - 1;
  }
  if (path.size() == 1) {
    member->value = value;
  } else {
    place(member->value, path.subspan(1), value);
  }
}

/// The value of a variable whose members are read under the names of the wanted attributes.
std::optional<FixValue> mirrored(const std::vector<VariableUse>& uses, std::string_view variable,
                                 const WantedResource& wanted) {
  std::optional<FixValue> result;
  for (const auto& [attribute, value] : wanted.values) {
    const NamePath whole = split(attribute);
    for (std::size_t from = 0; from < whole.size(); ++from) {
      const NamePath end(whole.begin() + static_cast<std::ptrdiff_t>(from), whole.end());
      if (std::find(uses.begin(), uses.end(), VariableUse{variable, end}) != uses.end()) {
        result = result.value_or(FixValue{});
        place(*result, end, value);
        break;
      }
    }
  }
  return result;
}

/// The one element that the collection of a dynamic block may have.
const Expression* only_element(const Expression& each) {
  if (each.kind == ExpressionKind::kTuple) {
    const auto& tuple = as<hcl::TupleExpression>(each);
    return tuple.elements.size() == 1 ? tuple.elements.front() : nullptr;
  }
  if (each.kind == ExpressionKind::kParentheses) {
    return only_element(*as<hcl::ParenthesesExpression>(each).inner);
  }
  if (each.kind == ExpressionKind::kConditional) {
    const auto& choice = as<hcl::ConditionalExpression>(each);
    const Expression* first = only_element(*choice.true_result);
    return first != nullptr ? first : only_element(*choice.false_result);
  }
  return nullptr;
}

/// The variable that an expression is, or a member of one.
std::optional<VariableUse> variable_of(const Expression& expression) {
  if (expression.kind != ExpressionKind::kTraversal) {
    return std::nullopt;
  }
  const auto& traversal = as<hcl::Traversal>(expression);
  if (traversal.root != "var" || traversal.steps.empty()) {
    return std::nullopt;
  }
  return VariableUse{traversal.steps.front().name, names_of(std::span(traversal.steps).subspan(1))};
}

/// The variable that an attribute of a resource takes as it is: "tracing_config.mode", also where a dynamic block has
/// its value for the only element.
std::optional<VariableUse> variable_for(const hcl::Body& body, std::span<const std::string_view> path) {
  if (path.size() == 1) {
    const hcl::Attribute* attribute = body.attribute(path.front());
    return attribute == nullptr ? std::nullopt : variable_of(*attribute->expression);
  }
  for (const hcl::Block& block : body.blocks) {
    const bool dynamic = block.type == "dynamic" && block.labels.size() == 1;
    if ((dynamic ? block.labels.front().text() : block.type) != path.front()) {
      continue;
    }
    if (!dynamic) {
      return variable_for(*block.body, path.subspan(1));
    }
    const auto content = std::ranges::find(block.body->blocks, "content", &hcl::Block::type);
    const hcl::Attribute* attribute =
        content == block.body->blocks.end() || path.size() != 2 ? nullptr : content->body->attribute(path[1]);
    if (attribute == nullptr) {
      return std::nullopt;
    }
    if (auto use = variable_of(*attribute->expression)) {
      return use;
    }
    const hcl::Attribute* each = block.body->attribute("for_each");
    const Expression* element = each == nullptr ? nullptr : only_element(*each->expression);
    auto use = element == nullptr ? std::nullopt : variable_of(*element);
    if (!use || attribute->expression->kind != ExpressionKind::kTraversal) {
      return std::nullopt;
    }
    const auto& value = as<hcl::Traversal>(*attribute->expression);
    if (value.root != iterator_of(block) || value.steps.empty() || value.steps.front().name != "value") {
      return std::nullopt;
    }
    const NamePath rest = names_of(std::span(value.steps).subspan(1));
    use->path.insert(use->path.end(), rest.begin(), rest.end());
    return use;
  }
  return std::nullopt;
}

/// The variable that the wanted attribute takes, when it is the only one that is wanted, with the value for it.
std::optional<ModuleArgument> taken(const hcl::Block& resource, const WantedResource& wanted) {
  // Of another resource than the judged one the question is whether there is any.
  if (wanted.values.size() != 1 || wanted.judged != nullptr) {
    return std::nullopt;
  }
  const auto& [attribute, value] = wanted.values.front();
  const std::optional<VariableUse> use = variable_for(*resource.body, split(attribute));
  if (!use) {
    return std::nullopt;
  }
  ModuleArgument result{std::string(use->variable), value, false};
  if (!use->path.empty()) {
    result.value = FixValue{};
    place(result.value, use->path, value);
  }
  return result;
}

/// Members that the call gives to a variable as false, and that the resource reads: { enabled = false }.
std::vector<FixValue> switched_on(const std::vector<VariableUse>& uses, std::string_view variable,
                                  const WantedResource& wanted) {
  std::vector<FixValue> result;
  const hcl::Attribute* given = wanted.call == nullptr ? nullptr : wanted.call->body->attribute(variable);
  if (given == nullptr || given->expression->kind != ExpressionKind::kObject) {
    return result;
  }
  for (const hcl::ObjectItem& item : as<hcl::ObjectExpression>(*given->expression).items) {
    const bool off = item.value->kind == ExpressionKind::kBool && !as<hcl::BoolLiteral>(*item.value).value;
    const std::optional<std::string_view> name = hcl::literal_key(item);
    const NamePath path{name.value_or("")};
    if (off && name && std::find(uses.begin(), uses.end(), VariableUse{variable, path}) != uses.end()) {
      FixValue yes;
      yes.plain = "true";
      place(result.emplace_back(), path, yes);
    }
  }
  return result;
}

/// Variables of type bool to try, the likeliest first.
std::vector<std::string_view> likely_switches(ModuleFacts& facts, const hcl::Block& resource,
                                              const WantedResource& wanted, const Switches& which,
                                              const ModuleFacts::Blocks& blocks) {
  std::vector<std::pair<std::size_t, std::string_view>> switches;
  std::optional<std::vector<std::string>> words;       // of what is wanted
  std::optional<std::vector<std::string>> conditions;  // in its conditions
  for (const VariableUse& use : facts.uses(resource, which.of_existence, blocks)) {
    const ModuleFacts::Variable* declared = use.path.empty() ? facts.variable(use.variable, blocks) : nullptr;
    if (declared == nullptr || !declared->is_switch) {
      continue;
    }
    if (wanted.judged != nullptr) {
      const std::vector<VariableUse>& taking = facts.uses(*wanted.judged, true, blocks);
      if (std::ranges::find(taking, use.variable, &VariableUse::variable) != taking.end()) {
        continue;
      }
    }
    if (!words) {
      words = words_of(std::string(wanted.type) + " " + wanted.text);
    }
    const std::size_t points = facts.points(use.variable, *words, blocks);
    if (points < which.least_points) {
      continue;
    }
    if (!wanted.conditions.empty()) {
      conditions = conditions ? std::move(conditions) : words_of(wanted.conditions);
    }
    if (!conditions || facts.may_make(use.variable, *conditions, blocks)) {
      switches.emplace_back(points, use.variable);
    }
  }
  std::stable_sort(switches.begin(), switches.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  constexpr std::size_t kMost = 3;  // each has to be tried with an analysis of its own
  switches.resize(std::min(switches.size(), kMost));
  std::vector<std::string_view> result;
  std::ranges::transform(switches, std::back_inserter(result), [](const auto& one) { return one.second; });
  return result;
}

}  // namespace

std::vector<ModuleArgument> arguments_for(FixSyntax& syntax, std::string_view directory, const WantedResource& wanted,
                                          const Switches& which) {
  const hcl::Block* resource = syntax.declaration(directory, wanted.type, wanted.name);
  if (resource == nullptr) {
    return {};
  }
  ModuleFacts& facts = syntax.facts(directory);
  const ModuleFacts::Blocks blocks = [&] { return syntax.blocks(directory); };
  const std::vector<VariableUse>& uses = facts.uses(*resource, false, blocks);
  std::vector<ModuleArgument> result;
  const auto add = [&](std::string_view variable, FixValue value, bool guessed) {
    if (std::ranges::find(result, variable, &ModuleArgument::variable) == result.end()) {
      result.push_back({std::string(variable), std::move(value), guessed});
    }
  };
  if (auto argument = taken(*resource, wanted)) {
    result.push_back(std::move(*argument));
  }
  std::vector<ModuleArgument> switched;
  std::set<std::string_view> looked_at;
  for (const VariableUse& use : wanted.values.empty() ? std::span<const VariableUse>() : std::span(uses)) {
    auto value = looked_at.insert(use.variable).second ? mirrored(uses, use.variable, wanted) : std::nullopt;
    if (!value) {
      continue;
    }
    if (std::ranges::find(result, use.variable, &ModuleArgument::variable) == result.end()) {
      for (FixValue& on : switched_on(uses, use.variable, wanted)) {
        switched.push_back({std::string(use.variable), std::move(on), false});
      }
    }
    const ModuleFacts::Variable* declared = facts.variable(use.variable, blocks);
    if (declared != nullptr && declared->is_list) {
      FixValue list;
      list.kind = FixValue::Kind::kList;
      list.elements.push_back(std::move(*value));
      value = std::move(list);
    }
    add(use.variable, std::move(*value), false);
  }
  result.insert(result.begin(), switched.begin(), switched.end());
  for (const std::string_view variable : likely_switches(facts, *resource, wanted, which, blocks)) {
    FixValue yes;
    yes.plain = "true";
    add(variable, std::move(yes), true);
  }
  return result;
}

}  // namespace gabion::engine
