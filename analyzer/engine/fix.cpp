#include "engine/fix.h"

#include <algorithm>
#include <functional>
#include <map>

#include "aws/provider_schema.h"
#include "engine/fix_maker.h"
#include "engine/trace.h"

namespace gabion::engine {

using eval::Value;
using findings::Safety;

namespace {

/// The path as the model has it: it ends at an attribute that stands for blocks.
std::string_view written_path(const model::Body& body, std::string_view path) {
  const std::string_view first = path.substr(0, path.find('.'));
  return body.attribute(first) == nullptr ? path : first;
}

/// The block of a body, or of the blocks in it, whose contents that is, and the blocks among which it stands.
const model::Block* block_of(const model::Body& outer, const model::Body& wanted,
                             std::span<const model::Block>& siblings, int depth = 0) {
  constexpr int kMaxDepth = 64;
  for (const model::Block& block : outer.blocks) {
    if (block.body == &wanted) {
      siblings = outer.blocks;
      return &block;
    }
    if (block.body != nullptr && depth < kMaxDepth) {
      if (const model::Block* found = block_of(*block.body, wanted, siblings, depth + 1)) {
        return found;
      }
    }
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> path_of(const model::Body& outer, const model::Body& wanted, bool indexes, int depth) {
  if (&outer == &wanted) {
    return std::string();
  }
  constexpr int kMaxDepth = 64;
  std::map<std::string_view, std::size_t> counts;
  for (const model::Block& block : outer.blocks) {
    const std::size_t index = counts[block.type]++;
    if (block.body == nullptr || depth > kMaxDepth) {
      continue;
    }
    if (const auto rest = path_of(*block.body, wanted, indexes, depth + 1)) {
      return std::string(block.type) + (indexes ? "[" + std::to_string(index) + "]" : "") +
             (rest->empty() ? "" : "." + *rest);
    }
  }
  return std::nullopt;
}

std::string joined_path(std::string_view prefix, std::string_view path) {
  return prefix.empty() ? std::string(path) : std::string(prefix) + "." + std::string(path);
}

std::string one_line_text(const FixValue& value) {
  FixStyle style;
  style.multi_line = false;
  return print(value, style).value_or("...");
}

FixMaker::FixMaker(const PreparedFix& fix, const model::Resource& resource, const Value* item, const RuleContext& rule,
                   const eval::Scope& scope, eval::Context& context, FixSyntax& syntax, bool proved)
    : fix_(fix),
      resource_(resource),
      rule_(rule),
      scope_(scope),
      module_(rule.configuration.module(resource.module)),
      data_(syntax, rule.artifacts, resource, module_),
      fix_scope_(scope, resource, added_, data_),
      context_(context),
      syntax_(syntax),
      item_(item),
      proved_(proved) {
  self_ = {resource.body, resource.syntax};
  target_ = self_;
  if (item != nullptr) {
    if (const model::Body* judged = rule.views.body_of(*item); judged != nullptr) {
      target_ = {judged, rule.views.block_of(*item)};
      prefix_ = path_of(*resource.body, *judged, false).value_or("");
    }
  }
}

FixProposal FixMaker::run(bool found) {
  if (!found) {
    problem_ = "it is not known which resource has to be edited";
    return by_hand();
  }
  for (const PreparedCompanion& companion : fix_.companions) {
    if (!is_needed(companion)) {
      continue;
    }
    const std::string& name = wanted_.emplace(&companion, name_of(companion)).first->second;
    added_.emplace(companion.data->type, std::string(companion.data->type) + "." + name +
                                             std::string(companion.data->once ? "" : instance_suffix(resource_)));
  }
  for (const PreparedDeclaration& declaration : fix_.declares) {
    if (declaration.block == "variable") {
      added_.emplace("variable", "var." + name_of(declaration));
    }
  }
  FixProposal proposal;
  // Beside another resource of its kind, what does not refer to the judged one is about that other one.
  const bool adds_another = added_.contains(resource_.type);
  for (const PreparedCompanion& companion : fix_.companions) {
    const bool about_it = !adds_another || !companion.data->refer.empty();
    const auto name = about_it && wanted(companion) ? switched_off(companion.data->type) : std::nullopt;
    if (name) {
      problem_ = "the module has " + std::string(companion.data->type) + "." + *name +
                 (module_.call_syntax == nullptr ? ", of which none is made" : ", which its arguments switch off");
      proposal = by_arguments(companion, *name);
      return proposal.alternatives.empty() ? by_hand() : proposal;
    }
  }
  std::size_t choices = 1;
  for (std::size_t choice = 0; choice < std::min(choices, kMaxAlternatives); ++choice) {
    changes_.clear();
    policies_.clear();
    changes_policy_ = false;
    FixBuilder builder(rule_.artifacts, syntax_, resource_, module_, choice);
    manual_ = false;
    if (!build(builder)) {
      if (choice == 0) {
        break;
      }
      continue;
    }
    choices = builder.choices();
    findings::Fix made;
    made.title = title(builder.title());
    made.safety = manual_ ? Safety::kManual
                          : std::max({fix_.safety, builder.safety(), replaces_ ? Safety::kUnsafe : Safety::kSafe});
    if (replaces_) {
      made.title += " (this replaces the resource)";
    }
    made.edits = builder.finish();
    const bool known = std::any_of(proposal.alternatives.begin(), proposal.alternatives.end(),
                                   [&](const FixAlternative& other) { return other.fix.edits == made.edits; });
    if (!made.edits.empty() && !known) {
      proposal.alternatives.push_back({std::move(made), builder.why(), declared(builder)});
      proposal.changes = changes_;
      proposal.policies = policies_;
    }
  }
  if (!appended_.empty() && changes_policy_) {
    // Where the module can do it when told to, that is better than to change it for all who call it.
    std::vector<FixAlternative> first = arguments_for_policy();
    if (!first.empty()) {
      if (proposal.alternatives.empty()) {
        proposal.changes = changes_;
        proposal.policies = policies_;
      }
      proposal.alternatives.insert(proposal.alternatives.begin(), first.begin(), first.end());
      proposal.changes.push_back({"", "", true, {}, std::string(module_.address)});
    }
  }
  if (FixProposal first = by_forwarded_argument(); !first.alternatives.empty()) {
    first.alternatives.insert(first.alternatives.end(), proposal.alternatives.begin(), proposal.alternatives.end());
    first.changes.insert(first.changes.end(), proposal.changes.begin(), proposal.changes.end());
    first.policies = std::move(proposal.policies);
    proposal = std::move(first);
  }
  if (proposal.alternatives.empty()) {
    proposal = by_own_arguments();
  }
  if (proposal.alternatives.empty()) {
    return by_hand();
  }
  return proposal;
}

std::string FixMaker::title(std::string derived) {
  if (fix_.title != nullptr) {
    const Value given = eval::evaluate(*fix_.title, scope_, context_);
    if (given.is_string()) {
      return std::string(given.text());
    }
  }
  return derived;
}

FixProposal FixMaker::by_hand() {
  FixProposal proposal;
  if (resource_.syntax != nullptr && !syntax_.editable(resource_.syntax->region)) {
    problem_ = "it is written outside of the given paths";
  } else if (problem_.empty()) {
    problem_ = "no place was found where it can be edited";
  }
  findings::Fix made;
  const std::string named = title({});
  made.title = (named.empty() ? std::string() : named + ": ") + problem_ + (paste_.empty() ? "" : "; write " + paste_);
  made.safety = Safety::kManual;
  proposal.alternatives.push_back({std::move(made), problem_, {}});
  return proposal;
}

std::optional<FixValue> FixMaker::value_of(const syntax::hcl::Expression& expression, const eval::Scope& scope,
                                           bool& left_out) {
  const Value value = eval::evaluate(expression, scope, context_);
  left_out = value.is_null() || (value.is_sequence() && value.elements().empty()) ||
             (value.is_mapping() && value.members().empty());
  manual_ = manual_ || has_hole(value);
  return fix_value(value, place());
}

bool FixMaker::build(FixBuilder& builder) {
  bool left_out = false;
  for (const PreparedName& set : fix_.set) {
    const bool on_self = set.name.starts_with("self.");
    const std::string_view path = on_self ? set.name.substr(5) : set.name;
    const auto value = value_of(*set.expression, fix_scope_, left_out);
    if (const auto element = on_self ? std::nullopt : judged_element(); element && path.find('.') == path.npos) {
      if (!value || !builder.set_member(*item_, path, *value)) {
        problem_ = value ? builder.problem() : "what to write is not known";
        return false;
      }
      change("", *element, path);
      continue;
    }
    if (set.name.starts_with("item.")) {
      const Value* old = item_member(set.name.substr(5));
      const auto at = old == nullptr ? std::nullopt : element_path(*resource_.body, *old);
      if (!value || !at || !builder.set_value(*old, *value)) {
        problem_ = value ? builder.problem() : "what to write is not known";
        return false;
      }
      change("", *at);
      continue;
    }
    if (!known_to_provider(on_self ? std::string_view() : prefix_, path)) {
      return false;
    }
    if (!value || !builder.set(on_self ? self_ : target_, path, *value)) {
      problem_ = value ? builder.problem() : "what to write is not known";
      paste_ = value ? std::string(path) + " = " + one_line_text(*value) : "";
      return false;
    }
    const model::Body& body = *(on_self ? self_ : target_).body;
    const std::string_view written = written_path(body, path);
    change(on_self ? "" : prefix_, written, path.substr(std::min(written.size() + 1, path.size())));
  }
  for (const PreparedInsert& insert : fix_.insert) {
    std::vector<FixMember> attributes;
    for (const PreparedName& set : insert.set) {
      const auto value = value_of(*set.expression, fix_scope_, left_out);
      if (!value) {
        return false;
      }
      if (!left_out) {
        attributes.emplace_back(std::string(set.name), *value);
      }
    }
    for (const auto& [name, value] : attributes) {
      if (!known_to_provider(prefix_, std::string(insert.type) + "." +
                                          (name.ends_with("[]") ? name.substr(0, name.size() - 2) : name))) {
        return false;
      }
    }
    if (!builder.insert(target_, insert.type, attributes)) {
      return false;
    }
    change(prefix_, insert.type);
  }
  for (const std::string_view path : fix_.remove) {
    if (path == "item" && item_ != nullptr) {
      if (!remove_item(builder)) {
        problem_ = builder.problem();
        return false;
      }
      continue;
    }
    if (!builder.remove(target_, path)) {
      return false;
    }
    change(prefix_, path);
  }
  for (const auto* list : {&fix_.add, &fix_.take}) {
    for (const PreparedName& entry : *list) {
      const auto value = value_of(*entry.expression, fix_scope_, left_out);
      if (!value) {
        return false;
      }
      if (left_out) {
        continue;
      }
      if (!(list == &fix_.add ? builder.add(target_, entry.name, *value) : builder.take(target_, entry.name, *value))) {
        problem_ = builder.problem();
        return false;
      }
      change(prefix_, entry.name);
    }
  }
  for (const std::string_view path : fix_.blocks) {
    if (!builder.to_blocks(target_, path)) {
      problem_ = builder.problem();
      return false;
    }
    change(prefix_, path);
  }
  return std::all_of(fix_.lines.begin(), fix_.lines.end(),
                     [&](const PreparedLine& one) { return line(one, builder); }) &&
         std::all_of(fix_.declares.begin(), fix_.declares.end(),
                     [&](const PreparedDeclaration& one) { return declare(one, builder); }) &&
         std::all_of(fix_.policies.begin(), fix_.policies.end(),
                     [&](const PreparedPolicyFix& one) { return policy(one, builder); }) &&
         std::all_of(fix_.companions.begin(), fix_.companions.end(),
                     [&](const PreparedCompanion& one) { return companion(one, builder); }) &&
         declare_data(builder);
}

std::optional<std::string> FixMaker::judged_element() const {
  return item_ != nullptr && item_->is_mapping() && target_.body == self_.body ? element_path(*resource_.body, *item_)
                                                                               : std::nullopt;
}

const Value* FixMaker::item_member(std::string_view name) const {
  return item_ != nullptr && item_->is_mapping() ? item_->member(name) : nullptr;
}

bool FixMaker::remove_item(FixBuilder& builder) {
  if (target_.body != self_.body) {
    std::span<const model::Block> siblings;
    const model::Block* block = block_of(*resource_.body, *target_.body, siblings);
    return block != nullptr && builder.remove_block(siblings, *block) && (change("", prefix_), true);
  }
  const std::optional<std::string> path = element_path(*resource_.body, *item_);
  return path && builder.remove_value(*item_) && (change("", *path), true);
}

bool FixMaker::same_written(const Value& one, const Value& other) const {
  if (&one.node() == &other.node()) {
    return true;
  }
  const eval::Origin* place = last_written(one.origin(), rule_.artifacts);
  const eval::Origin* same = last_written(other.origin(), rule_.artifacts);
  return place != nullptr && same != nullptr && place->region == same->region;
}

std::optional<std::string> FixMaker::element_path(const model::Body& body, const Value& element, int depth) const {
  constexpr int kMaxDepth = 64;
  for (const model::Attribute& attribute : body.attributes) {
    const auto same = [&](const Value& one) { return same_written(one, element); };
    if (attribute.value.is_sequence()
            ? std::any_of(attribute.value.elements().begin(), attribute.value.elements().end(), same)
            : attribute.value.is_mapping() &&
                  (same(attribute.value) ||
                   std::any_of(attribute.value.members().begin(), attribute.value.members().end(),
                               [&](const auto& one) { return same(one.value); }))) {
      return std::string(attribute.name());
    }
  }
  for (const model::Block& block : body.blocks) {
    if (block.body != nullptr && depth < kMaxDepth) {
      if (const auto rest = element_path(*block.body, element, depth + 1)) {
        return std::string(block.type) + "." + *rest;
      }
    }
  }
  return std::nullopt;
}

void FixMaker::change(std::string_view prefix, std::string_view path, std::string_view inside) {
  // Providers and backends are judged as if they were resources, but are none of the configuration.
  const auto all = rule_.configuration.resources();
  const bool known =
      !all.empty() && !std::less<>{}(&resource_, &all.front()) && !std::less<>{}(&all.back(), &resource_);
  changes_.push_back({std::string(resource_.type),
                      joined_path(prefix, path),
                      false,
                      known ? std::string(resource_.address) : std::string(),
                      {}});
  const std::string whole = inside.empty() ? changes_.back().path : joined_path(changes_.back().path, inside);
  if (resource_.mode == model::Mode::kManaged && aws::forces_replacement(resource_.type, whole)) {
    replaces_ = true;
  }
}

bool FixMaker::known_to_provider(std::string_view prefix, std::string_view path) {
  auto body = resource_.mode == model::Mode::kManaged ? aws::provider_resource(resource_.type)
                                                      : aws::provider_data_source(resource_.type);
  if (!body) {
    return true;
  }
  const std::string whole = joined_path(prefix, path);
  std::string_view rest = whole;
  while (true) {
    const std::string_view name = rest.substr(0, rest.find('.'));
    if (const auto attribute = body->attribute(name)) {
      if (!attribute->configurable()) {
        problem_ = "the provider does not let " + whole + " be set";
      }
      return attribute->configurable();
    }
    const auto block = body->block(name);
    if (!block) {
      problem_ = "the provider has no " + whole + " in " + std::string(resource_.type);
      return false;
    }
    if (name.size() == rest.size()) {
      return true;
    }
    body = block->body;
    rest.remove_prefix(name.size() + 1);
  }
}

FixProposal make_fix(const PreparedFix& fix, const model::Resource& resource, const Value* item,
                     const RuleContext& rule, const eval::Scope& scope, eval::Context& context, FixSyntax& syntax,
                     bool proved) {
  const auto proposal = [&] {
    if (fix.on == nullptr) {
      return FixMaker(fix, resource, item, rule, scope, context, syntax, proved).run();
    }
    const Value other = eval::evaluate(*fix.on, scope, context);
    const model::Resource* edited = rule.views.resource_of(other);
    return FixMaker(fix, edited == nullptr ? resource : *edited, nullptr, rule, scope, context, syntax, proved)
        .run(edited != nullptr);
  };
  FixProposal made = proposal();
  made.leads_to = fix.leads_to;
  return made;
}

}  // namespace gabion::engine
