#include <algorithm>
#include <limits>
#include <optional>

#include "aws/provider_schema.h"
#include "engine/fix_arguments.h"
#include "engine/fix_maker.h"

namespace gabion::engine {

using eval::Value;
namespace hcl = syntax::hcl;

namespace {

// Points of words in common, see arguments_for().
constexpr std::size_t kOneName = 2;
constexpr std::size_t kTwoNames = 4;
constexpr Switches kNoSwitches{std::numeric_limits<std::size_t>::max(), false};
constexpr auto kNothingMore = [](FixBuilder&) { return true; };

/// Provider that the call gives to the module for the provider of that name: "aws.replica"; empty for its own.
std::string_view given_provider(const hcl::Block& call, std::string_view name, const source::ArtifactStore& artifacts) {
  const hcl::Attribute* given = call.body->attribute("providers");
  if (given == nullptr || given->expression->kind != hcl::ExpressionKind::kObject) {
    return {};
  }
  for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(*given->expression).items) {
    if (artifacts.text(item.key->region) == name) {
      return artifacts.text(item.value->region);
    }
  }
  return {};
}

/// Do all references in it name something that the fix adds?
bool names_added(const FixValue& value, const AddedNames& added) {
  const auto known = [&](const FixPiece& piece) {
    return !piece.is_reference || std::any_of(added.begin(), added.end(), [&](const auto& name) {
      return piece.text.starts_with(name.second + ".");
    });
  };
  return std::all_of(value.pieces.begin(), value.pieces.end(), known) &&
         std::all_of(value.elements.begin(), value.elements.end(),
                     [&](const FixValue& element) { return names_added(element, added); }) &&
         std::all_of(value.members.begin(), value.members.end(),
                     [&](const FixMember& member) { return names_added(member.value, added); });
}

/// The provider as its resources are named: "aws".
std::string_view provider_name(const model::Resource& resource) {
  return resource.type.substr(0, resource.type.find('_'));
}

/// Adds the data sources that something written beside the call refers to.
bool data_beside_call(const ReferredData& data, FixBuilder& builder) {
  for (const auto& [type, name] : data.added()) {
    if (!builder.writes("data." + type + "." + name)) {
      continue;
    }
    NewBlock body;
    body.type = "data \"" + type + "\" \"" + name + "\"";
    body.attributes = data.arguments(type);
    if (!builder.beside_call(std::move(body))) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<FixValue> FixMaker::known_value(const hcl::Expression& expression, const eval::Scope& scope) {
  const Value value = eval::evaluate(expression, scope, context_);
  return value.is_null() || has_hole(value) ? std::nullopt : fix_value(value, place());
}

void FixMaker::propose(const ModuleArgument& argument, const std::string& why,
                       const std::function<bool(FixBuilder&)>& more, std::vector<FixAlternative>& out) {
  FixBuilder builder(rule_.artifacts, syntax_, resource_, module_, 0);
  if (!builder.argument(argument.variable, argument.value) || !more(builder)) {
    return;
  }
  findings::Fix made;
  const std::string named = title({});
  made.title = (named.empty() ? std::string() : named + ": ") + builder.title();
  made.safety = manual_ ? findings::Safety::kManual
                        : std::max(fix_.safety, replaces_ ? findings::Safety::kUnsafe : findings::Safety::kSafe);
  std::vector<std::string> declares;
  for (const std::string& block : builder.declared()) {
    declares.push_back(std::string(rule_.configuration.module(module_.parent).directory) + ": " + block);
  }
  made.edits = builder.finish();
  made.guess = argument.guessed;
  if (!made.edits.empty()) {
    out.push_back({std::move(made), why, std::move(declares)});
  }
}

std::optional<std::string> FixMaker::region_beside_call() const {
  const hcl::Attribute* own = own_region(resource_);
  const model::Attribute* region = own == nullptr ? nullptr : resource_.body->attribute("region");
  if (own == nullptr || (region != nullptr && region->value.is_null())) {
    return std::string();
  }
  if (own->expression->kind == hcl::ExpressionKind::kTraversal) {
    const auto& reference = hcl::as<hcl::Traversal>(*own->expression);
    const hcl::Attribute* given = reference.root == "var" && reference.steps.size() == 1
                                      ? module_.call_syntax->body->attribute(reference.steps.front().name)
                                      : nullptr;
    if (given != nullptr) {
      return names_instance(*given->expression)
                 ? std::nullopt
                 : std::optional(std::string(rule_.artifacts.text(given->expression->region)));
    }
  }
  const std::optional<FixValue> known =
      region != nullptr && region->value.is_string() ? fix_value(region->value, place()) : std::nullopt;
  return known && known->self_contained() ? print(*known, style_in(*module_.call_syntax)) : std::nullopt;
}

bool FixMaker::beside_call(const PreparedCompanion& companion, const FixScope& scope, const AddedNames& names,
                           FixBuilder& builder) {
  const hcl::Block& call = *module_.call_syntax;
  if (!companion.data->refer.empty()) {
    return false;  // it is about the judged resource, which has no name there
  }
  NewBlock body;
  const std::string& name = names.at(companion.data->type);
  body.type = "resource \"" + std::string(companion.data->type) + "\" \"" + name.substr(name.find('.') + 1) + "\"";
  const std::string_view own = provider_name(resource_);
  if (const std::string_view provider = given_provider(call, own, rule_.artifacts); !provider.empty()) {
    body.attributes.push_back({"provider", std::string(provider)});
  }
  if (const std::optional<std::string> region = region_beside_call();
      aws::takes_region(companion.data->type) && (!region || !region->empty())) {
    if (!region) {
      return false;
    }
    body.attributes.push_back({"region", *region});
  }
  const FixStyle style = style_in(call);
  return attributes(companion.set, scope, style, body) && documents(companion.json, scope, style, body) &&
         builder.beside_call(std::move(body));
}

FixProposal FixMaker::by_arguments(const PreparedCompanion& companion, const std::string& name) {
  // What else would be added stands beside the call, where an argument can name it.
  AddedNames names;
  std::vector<const PreparedCompanion*> others;
  const hcl::Block* call = module_.call_syntax;
  const std::optional<std::string> region = call == nullptr ? std::string() : region_beside_call();
  if (call != nullptr && !call->labels.empty() && region && resource_.syntax->body->attribute("provider") == nullptr) {
    for (const PreparedCompanion& other : fix_.companions) {
      if (&other != &companion && wanted(other)) {
        others.push_back(&other);
        const std::string free = free_name(rule_.configuration.module(module_.parent).directory, other.data->type,
                                           std::string(call->labels.front().text()));
        names.emplace(other.data->type, std::string(other.data->type) + "." + free);
      }
    }
  }
  const std::string provider(call == nullptr ? std::string_view()
                                             : given_provider(*call, provider_name(resource_), rule_.artifacts));
  // Data sources of the module have no name at its call: others are read there.
  std::optional<ReferredData> beside;
  if (call != nullptr) {
    beside.emplace(syntax_, rule_.configuration.module(module_.parent), provider, region.value_or(""));
  }
  ReferredData& data = beside ? *beside : data_;
  const FixScope at_call(scope_, resource_, names, data);
  WantedResource plain;
  plain.type = companion.data->type;
  plain.name = name;
  plain.text = title({});
  plain.judged = resource_.syntax;
  WantedResource naming = plain;
  for (const auto* list : {&companion.set, &companion.json}) {
    for (const PreparedName& set : *list) {
      const auto made = known_value(*set.expression, at_call);
      plain.text += " " + std::string(set.name) + (made ? " " + one_line_text(*made) : "");
      if (made && list == &companion.set && names_added(*made, names)) {
        naming.values.emplace_back(std::string(set.name), *made);
        if (made->self_contained()) {
          plain.values.emplace_back(std::string(set.name), *made);
        }
      }
    }
  }
  FixProposal proposal;
  const std::string why = problem_;
  const auto attempt = [&](const ModuleArgument& argument) {
    if (proposal.alternatives.size() == kMaxAlternatives) {
      return;
    }
    manual_ = false;
    const auto rest = [&](FixBuilder& builder) {
      const bool named = argument.value.self_contained() ||
                         std::all_of(others.begin(), others.end(),
                                     [&](const auto* other) { return beside_call(*other, at_call, names, builder); });
      return named && (beside ? data_beside_call(data, builder) : data.added().empty());
    };
    propose(argument, why, rest, proposal.alternatives);
  };
  if (naming.values.size() > plain.values.size()) {
    for (const ModuleArgument& argument : arguments_for(syntax_, module_.directory, naming, {kOneName, true})) {
      if (!argument.value.self_contained()) {
        attempt(argument);
      }
    }
  }
  for (const ModuleArgument& argument : arguments_for(syntax_, module_.directory, plain, {kOneName, true})) {
    attempt(argument);
  }
  for (const PreparedCompanion& other : fix_.companions) {
    proposal.changes.push_back({std::string(other.data->type), "", true, {}, std::string(module_.address)});
    if (&other != &companion) {
      proposal.changes.push_back({std::string(other.data->type), "", true, {}, {}});
    }
  }
  for (const auto& [type, name_there] : data.added()) {
    proposal.changes.push_back({"data." + type, "", true, {}, {}});
  }
  return proposal;
}

FixProposal FixMaker::by_forwarded_argument() {
  FixProposal proposal;
  const bool one_value = fix_.set.size() == 1 && fix_.insert.empty() && fix_.remove.empty() && fix_.add.empty() &&
                         fix_.take.empty() && fix_.blocks.empty() && fix_.lines.empty() && fix_.declares.empty() &&
                         fix_.policies.empty();
  const hcl::Block* call = module_.call_syntax;
  if (!one_value || fix_.companions.empty() || item_ != nullptr || call == nullptr || call->labels.empty() ||
      resource_.syntax == nullptr || resource_.syntax->body->attribute("provider") != nullptr) {
    return proposal;
  }
  const std::optional<std::string> region = region_beside_call();
  if (!region) {
    return proposal;
  }
  const PreparedName& set = fix_.set.front();
  const hcl::Attribute* written = resource_.syntax->body->attribute(set.name);
  if (written == nullptr || written->expression->kind != hcl::ExpressionKind::kTraversal) {
    return proposal;
  }
  const auto& reference = hcl::as<hcl::Traversal>(*written->expression);
  if (reference.root != "var" || reference.steps.size() != 1 ||
      call->body->attribute(reference.steps.front().name) != nullptr) {
    return proposal;
  }
  const model::Module& parent = rule_.configuration.module(module_.parent);
  const std::string provider(given_provider(*call, provider_name(resource_), rule_.artifacts));
  AddedNames names;
  std::vector<const PreparedCompanion*> companions;
  for (const PreparedCompanion& companion : fix_.companions) {
    if (wanted(companion)) {
      companions.push_back(&companion);
      const Value name = companion.name == nullptr ? Value() : eval::evaluate(*companion.name, scope_, context_);
      const std::string_view chosen = name.is_string() ? name.text() : std::string_view(call->labels.front().text());
      names.emplace(companion.data->type, std::string(companion.data->type) + "." +
                                              free_name(parent.directory, companion.data->type, std::string(chosen)));
    }
  }
  ReferredData data(syntax_, parent, provider, *region);
  const FixScope at_call(scope_, resource_, names, data);
  const auto value = known_value(*set.expression, at_call);
  if (!value || value->self_contained() || !names_added(*value, names)) {
    return proposal;
  }
  manual_ = false;
  changes_.clear();
  change("", set.name);
  const auto rest = [&](FixBuilder& builder) {
    for (const PreparedCompanion* companion : companions) {
      if (!beside_call(*companion, at_call, names, builder)) {
        return false;
      }
      changes_.push_back({std::string(companion->data->type), "", true, {}, {}});
    }
    for (const auto& [type, name] : data.added()) {
      changes_.push_back({"data." + type, "", true, {}, {}});
    }
    return data_beside_call(data, builder);
  };
  propose({std::string(reference.steps.front().name), *value},
          "the module takes " + std::string(set.name) + " from a variable that its call leaves to the default", rest,
          proposal.alternatives);
  proposal.changes = changes_;
  return proposal;
}

FixProposal FixMaker::by_own_arguments() {
  FixProposal proposal;
  const bool only_values = fix_.remove.empty() && fix_.add.empty() && fix_.take.empty() && fix_.blocks.empty() &&
                           fix_.lines.empty() && fix_.declares.empty() && fix_.policies.empty() &&
                           fix_.companions.empty();
  if (module_.call_syntax == nullptr || !only_values) {
    return proposal;
  }
  WantedResource wanted{.type = resource_.type,
                        .name = std::string(resource_.name),
                        .values = {},
                        .text = {},
                        .call = module_.call_syntax};
  const auto want = [&](const std::string& path, const hcl::Expression& expression) {
    const auto made = known_value(expression, fix_scope_);
    if (!made || !made->self_contained() || path.ends_with("[]")) {
      return false;
    }
    wanted.values.emplace_back(path, *made);
    return true;
  };
  changes_.clear();
  for (const PreparedName& set : fix_.set) {
    constexpr std::string_view kSelf = "self.";
    const bool on_self = set.name.starts_with(kSelf);
    const std::string path = on_self ? std::string(set.name.substr(kSelf.size())) : joined_path(prefix_, set.name);
    if (!want(path, *set.expression)) {
      return proposal;
    }
    change("", path);
  }
  for (const PreparedInsert& insert : fix_.insert) {
    const std::string path = joined_path(prefix_, insert.type);
    for (const PreparedName& set : insert.set) {
      if (!want(joined_path(path, set.name), *set.expression)) {
        return proposal;
      }
    }
    change("", path);
  }
  for (const ModuleArgument& argument : arguments_for(syntax_, module_.directory, wanted, kNoSwitches)) {
    propose(argument, "the module takes it from an argument", kNothingMore, proposal.alternatives);
  }
  proposal.changes = changes_;
  return proposal;
}

std::vector<FixAlternative> FixMaker::arguments_for_policy() {
  std::vector<FixAlternative> result;
  if (module_.call_syntax == nullptr) {
    return result;
  }
  const WantedResource wanted{.type = resource_.type,
                              .name = std::string(resource_.name),
                              .values = {},
                              .text = title({}) + " " + appended_,
                              .conditions = conditions_};
  for (const ModuleArgument& argument : arguments_for(syntax_, module_.directory, wanted, {kTwoNames, false})) {
    if (result.size() < kMaxAlternatives / 2) {
      propose(argument, "the module has an argument for it", kNothingMore, result);
    }
  }
  return result;
}

}  // namespace gabion::engine
