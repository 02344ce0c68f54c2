#include "engine/fix.h"

#include <algorithm>
#include <map>

#include "aws/provider_schema.h"
#include "engine/fix_builder.h"
#include "engine/fix_policy.h"
#include "engine/fix_scope.h"
#include "engine/fix_text.h"
#include "engine/iam_functions.h"
#include "engine/trace.h"
#include "source/file_system.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;
using findings::Safety;

/// No value is edited at more places than that.
constexpr std::size_t kMaxAlternatives = 6;

/// The path of a body inside another: block types, with indexes or without; nothing when it is not in it.
std::optional<std::string> path_of(const model::Body& outer, const model::Body& wanted, bool indexes, int depth = 0) {
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

/// The attribute of a body, or of the blocks in it, whose value that is.
const model::Attribute* holder(const model::Body& body, const Value& value, const model::Body*& where, int depth = 0) {
  constexpr int kMaxDepth = 64;
  for (const model::Attribute& attribute : body.attributes) {
    if (&attribute.value.node() == &value.node()) {
      where = &body;
      return &attribute;
    }
  }
  for (const model::Block& block : body.blocks) {
    if (block.body != nullptr && depth < kMaxDepth) {
      if (const model::Attribute* found = holder(*block.body, value, where, depth + 1)) {
        return found;
      }
    }
  }
  return nullptr;
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

std::string joined(std::string_view prefix, std::string_view path) {
  return prefix.empty() ? std::string(path) : std::string(prefix) + "." + std::string(path);
}

class Maker {
 public:
  Maker(const PreparedFix& fix, const model::Resource& resource, const Value* item, const RuleContext& rule,
        const eval::Scope& scope, eval::Context& context, FixSyntax& syntax)
      : fix_(fix),
        resource_(resource),
        rule_(rule),
        scope_(scope),
        module_(rule.configuration.module(resource.module)),
        data_(syntax, rule.artifacts, resource, module_),
        fix_scope_(scope, resource, added_, data_),
        context_(context),
        syntax_(syntax),
        item_(item) {
    self_ = {&resource.body, resource.syntax};
    target_ = self_;
    if (item != nullptr) {
      if (const model::Body* judged = rule.views.body_of(*item); judged != nullptr) {
        target_ = {judged, rule.views.block_of(*item)};
        prefix_ = path_of(resource.body, *judged, false).value_or("");
      }
    }
  }

  /// `found`: it is known what to edit.
  FixProposal run(bool found = true) {
    if (!found) {
      problem_ = "it is not known which resource has to be edited";
      return by_hand();
    }
    for (const PreparedCompanion& companion : fix_.companions) {
      if (!wanted(companion)) {
        continue;
      }
      added_.emplace(companion.data->type, std::string(companion.data->type) + "." + name_of(companion) +
                                               std::string(companion.data->once ? "" : instance_suffix(resource_)));
    }
    for (const PreparedDeclaration& declaration : fix_.declares) {
      if (declaration.block == "variable") {
        added_.emplace("variable", "var." + name_of(declaration));
      }
    }
    FixProposal proposal;
    std::size_t choices = 1;
    for (std::size_t choice = 0; choice < std::min(choices, kMaxAlternatives); ++choice) {
      changes_.clear();
      policies_.clear();
      FixBuilder builder(rule_.artifacts, syntax_, resource_, module_, choice);
      manual_ = false;
      if (!build(builder)) {
        if (choice == 0) {
          return by_hand();
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
    return proposal.alternatives.empty() ? by_hand() : proposal;
  }

 private:
  std::string title(std::string derived) {
    if (fix_.title != nullptr) {
      const Value given = eval::evaluate(*fix_.title, scope_, context_);
      if (given.is_string()) {
        return std::string(given.text());
      }
    }
    return derived;
  }

  /// A fix without edits: says what to write and why it was not written.
  FixProposal by_hand() {
    FixProposal proposal;
    if (resource_.syntax != nullptr && !syntax_.editable(resource_.syntax->region)) {
      problem_ = "it is written outside of the given paths";
    } else if (problem_.empty()) {
      problem_ = "no place was found where it can be edited";
    }
    findings::Fix made;
    const std::string named = title({});
    made.title =
        (named.empty() ? std::string() : named + ": ") + problem_ + (paste_.empty() ? "" : "; write " + paste_);
    made.safety = Safety::kManual;
    proposal.alternatives.push_back({std::move(made), problem_, {}});
    return proposal;
  }

  [[nodiscard]] FixPlace place() const { return {&resource_, &module_}; }

  /// The value to write, or nothing when it is not known. Null means: leave out.
  std::optional<FixValue> value_of(const syntax::hcl::Expression& expression, const eval::Scope& scope,
                                   bool& left_out) {
    const Value value = eval::evaluate(expression, scope, context_);
    left_out = value.is_null() || (value.is_sequence() && value.elements().empty()) ||
               (value.is_mapping() && value.members().empty());
    manual_ = manual_ || has_hole(value);
    return fix_value(value, place());
  }

  bool build(FixBuilder& builder) {
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
        change("", *element);
        continue;
      }
      if (!known_to_provider(on_self ? std::string_view() : prefix_, path)) {
        return false;
      }
      if (!value || !builder.set(on_self ? self_ : target_, path, *value)) {
        problem_ = value ? builder.problem() : "what to write is not known";
        paste_ = value ? std::string(path) + " = " + hcl(*value) : "";
        return false;
      }
      change(on_self ? "" : prefix_, path);
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
        if (!(list == &fix_.add ? builder.add(target_, entry.name, *value)
                                : builder.take(target_, entry.name, *value))) {
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

  /// The data sources that were referred to and are not there.
  bool declare_data(FixBuilder& builder) {
    for (const auto& [type, name] : data_.added()) {
      if (!builder.writes("data." + type + "." + name)) {
        continue;  // an alternative that was not taken
      }
      NewBlock body;
      body.type = "data \"" + type + "\" \"" + name + "\"";
      if (!data_.provider().empty()) {
        body.attributes.push_back({"provider", std::string(data_.provider())});
      }
      if (!builder.declare("data", std::move(body))) {
        problem_ = builder.problem();
        return false;
      }
      changes_.push_back({"data." + type, "", true});
    }
    return true;
  }

  [[nodiscard]] std::vector<std::string> declared(const FixBuilder& builder) const {
    std::vector<std::string> result;
    for (const std::string& name : builder.declared()) {
      result.push_back(std::string(module_.directory) + ": " + name);
    }
    return result;
  }

  /// Path of the attribute that has the judged object as an element: blocks may be written as such.
  [[nodiscard]] std::optional<std::string> judged_element() const {
    return item_ != nullptr && item_->is_mapping() && target_.body == self_.body ? element_path(resource_.body, *item_)
                                                                                 : std::nullopt;
  }

  /// Takes the judged block away, or the judged element out of the list in which it is written.
  bool remove_item(FixBuilder& builder) {
    if (target_.body != self_.body) {
      std::span<const model::Block> siblings;
      const model::Block* block = block_of(resource_.body, *target_.body, siblings);
      return block != nullptr && builder.remove_block(siblings, *block) && (change("", prefix_), true);
    }
    const std::optional<std::string> path = element_path(resource_.body, *item_);
    return path && builder.remove_value(*item_) && (change("", *path), true);
  }

  /// The same value, or one that a rule took from the same place and put together anew.
  [[nodiscard]] bool same_written(const Value& one, const Value& other) const {
    if (&one.node() == &other.node()) {
      return true;
    }
    const eval::Origin* place = last_written(one.origin(), rule_.artifacts);
    const eval::Origin* same = last_written(other.origin(), rule_.artifacts);
    return place != nullptr && same != nullptr && place->region == same->region;
  }

  /// Plain path of the attribute that has the value as an element.
  [[nodiscard]] std::optional<std::string> element_path(const model::Body& body, const Value& element,
                                                        int depth = 0) const {
    constexpr int kMaxDepth = 64;
    for (const model::Attribute& attribute : body.attributes) {
      if (attribute.value.is_sequence() &&
          std::any_of(attribute.value.elements().begin(), attribute.value.elements().end(),
                      [&](const Value& one) { return same_written(one, element); })) {
        return std::string(attribute.name);
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

  static std::string hcl(const FixValue& value) {
    FixStyle style;
    style.multi_line = false;
    return print(value, style).value_or("...");
  }

  void change(std::string_view prefix, std::string_view path) {
    changes_.push_back({std::string(resource_.type), joined(prefix, path), false});
    if (resource_.mode == model::Mode::kManaged && aws::forces_replacement(resource_.type, changes_.back().path)) {
      replaces_ = true;
    }
  }

  /// Does the provider have what is to be written? Types that it does not know are somebody else's.
  bool known_to_provider(std::string_view prefix, std::string_view path) {
    auto body = resource_.mode == model::Mode::kManaged ? aws::provider_resource(resource_.type)
                                                        : aws::provider_data_source(resource_.type);
    if (!body) {
      return true;
    }
    const std::string whole = joined(prefix, path);
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

  /// Where the model holds a policy value: the judged resource first.
  bool find_holder(const Value& value, const model::Resource*& owner, std::string& path, std::string& plain) {
    const auto look = [&](const model::Resource& resource) {
      const model::Body* where = nullptr;
      const model::Attribute* attribute = holder(resource.body, value, where);
      if (attribute == nullptr) {
        return false;
      }
      owner = &resource;
      path = joined(path_of(resource.body, *where, true).value_or(""), attribute->name);
      plain = joined(path_of(resource.body, *where, false).value_or(""), attribute->name);
      return true;
    };
    if (look(resource_)) {
      return true;
    }
    const auto all = rule_.configuration.resources();
    return std::any_of(all.begin(), all.end(), [&](const model::Resource& other) {
      return other.mode == model::Mode::kManaged && look(other);
    });
  }

  bool policy(const PreparedPolicyFix& fix, FixBuilder& builder) {
    const Value value = eval::evaluate(*fix.of, scope_, context_);
    const iam::PolicyReading reading = iam::read_policy(value);
    if (reading.documents.size() != 1 || reading.complete != Truth::kYes) {
      problem_ = "the policy is not known as one document";
      return false;
    }
    const iam::PolicyDocument& document = reading.documents.front();
    std::vector<ChangedStatement> changed;
    if (fix.where != nullptr) {
      const Value statements = policy_statements(value, context_);
      if (!statements.is_sequence()) {
        problem_ = "not all statements of the policy are known";
        return false;
      }
      for (std::size_t i = 0; i < statements.elements().size(); ++i) {
        const Value& statement = statements.elements()[i];
        const FixScope scope(scope_, resource_, added_, data_, &statement);
        const Value chosen = eval::evaluate(*fix.where, scope, context_);
        if (!chosen.is_bool() || !chosen.boolean()) {
          continue;
        }
        ChangedStatement one{i, {}};
        one.change.drop = fix.data->drop;
        if (!entries(fix.set, scope, one.change.set) || !entries(fix.add, scope, one.change.add) ||
            !entries(fix.remove, scope, one.change.remove) || !entries(fix.replace, scope, one.change.replace)) {
          problem_ = "what to write into the policy is not known";
          return false;
        }
        if (fix.split != nullptr && !split(*fix.split, statement, scope, one.change)) {
          problem_ = "what to make a statement of its own is not known";
          return false;
        }
        if (!one.change.empty()) {
          changed.push_back(std::move(one));
        }
      }
    }
    std::vector<FixValue> appended;
    if (fix.append != nullptr) {
      bool left_out = false;
      const auto more = value_of(*fix.append, fix_scope_, left_out);
      if (!more) {
        problem_ = "what to write into the policy is not known";
        return false;
      }
      if (!left_out) {
        appended = more->kind == FixValue::Kind::kList ? more->elements : std::vector<FixValue>{*more};
      }
      paste_ = hcl(*more);
    }
    std::optional<FixValue> version;
    if (fix.version != nullptr) {
      bool left_out = false;
      version = value_of(*fix.version, fix_scope_, left_out);
      if (left_out) {
        version.reset();
      }
    }
    if (changed.empty() && appended.empty() && !version) {
      return false;
    }
    // References are those of the judged resource's module, and mean nothing in another one.
    const bool refers =
        std::any_of(appended.begin(), appended.end(), [](const FixValue& one) { return !one.self_contained(); }) ||
        std::any_of(changed.begin(), changed.end(),
                    [](const ChangedStatement& one) { return !one.change.self_contained(); });
    std::string problem;
    std::vector<findings::Edit> edits = edit_policy(
        document, {std::move(changed), std::move(appended), std::move(version)}, syntax_, rule_.artifacts, problem);
    if (edits.empty()) {
      problem_ = problem;
      return false;
    }
    const bool elsewhere = std::any_of(edits.begin(), edits.end(), [&](const findings::Edit& edit) {
      return source::directory_of(rule_.artifacts.get(edit.region.artifact).path()) != module_.directory;
    });
    if (elsewhere && refers) {
      problem_ = "the policy is written outside of the module, where its resources have no name";
      return false;
    }
    builder.add_edits(std::move(edits), "change the policy");
    return remember(value, document, fix);
  }

  /// What becomes of the statement, and the statements that are made of parts of it.
  bool split(const syntax::hcl::Expression& expression, const Value& statement, const eval::Scope& scope,
             PolicyChange& change) {
    bool left_out = false;
    const auto parts = value_of(expression, scope, left_out);
    if (!parts) {
      return false;
    }
    if (left_out) {
      return true;
    }
    const auto whole = fix_value(statement, place());
    if (!whole) {
      return false;
    }
    for (const FixValue& part :
         parts->kind == FixValue::Kind::kList ? parts->elements : std::vector<FixValue>{*parts}) {
      split_off(part, *whole, change);
    }
    return true;
  }

  bool declare(const PreparedDeclaration& given, FixBuilder& builder) {
    const bool variable = given.block == "variable";
    if (variable && module_.call_syntax != nullptr) {
      problem_ = "the module is called, so that every call would have to give the new variable a value";
      return false;
    }
    NewBlock body;
    body.type = std::string(given.block) + " \"" + name_of(given) + "\"";
    if (!attributes(given.set, body) || !builder.declare(given.block, std::move(body))) {
      problem_ = problem_.empty() ? builder.problem() : problem_;
      return false;
    }
    changes_.push_back({std::string(given.block), "", true});
    return true;
  }

  /// The attributes of a new block, paths with dots in nested blocks.
  bool attributes(const std::vector<PreparedName>& given, NewBlock& body) {
    const FixStyle style = style_inside();
    for (const PreparedName& set : given) {
      bool left_out = false;
      const auto value = value_of(*set.expression, fix_scope_, left_out);
      if (value && set.name.ends_with("[]")) {
        if (!add_nested_list(body, set.name.substr(0, set.name.size() - 2), *value, style)) {
          return false;
        }
        continue;
      }
      const auto printed = value ? print(*value, style) : std::nullopt;
      if (!printed) {
        return false;
      }
      if (!left_out) {
        add_nested(body, set.name, *printed);
      }
    }
    return true;
  }

  /// Attributes of a new block beside the judged one stand one level below the resource's own place.
  [[nodiscard]] FixStyle style_inside() const {
    FixStyle style;
    if (resource_.syntax != nullptr) {
      const std::string_view text = rule_.artifacts.get(resource_.syntax->region.artifact).bytes();
      style.step = indentation_step(text);
      style.newline = newline_near(text, resource_.syntax->region.begin);
      style.indent = std::string(indentation_at(text, resource_.syntax->region.begin)) + style.step;
      // Inside of a JSON string a line end is an escape.
      style.multi_line = !rule_.artifacts.get(resource_.syntax->region.artifact).path().ends_with(".json");
    }
    return style;
  }

  bool line(const PreparedLine& given, FixBuilder& builder) {
    const Value file = eval::evaluate(*given.file, fix_scope_, context_);
    const Value text = eval::evaluate(*given.text, fix_scope_, context_);
    if (!file.is_string() || !text.is_string()) {
      return false;
    }
    if (builder.append_line(source::join_path(module_.directory, file.text()), text.text())) {
      return true;
    }
    problem_ = builder.problem();
    // A judged file belongs to no module: where that cannot be, its own directory does as well.
    return resource_.syntax == nullptr && resource_.header.valid() &&
           builder.append_line(
               source::join_path(source::directory_of(rule_.artifacts.get(resource_.header.artifact).path()),
                                 file.text()),
               text.text());
  }

  bool entries(const std::vector<PreparedName>& given, const eval::Scope& scope, std::vector<FixMember>& out) {
    for (const PreparedName& name : given) {
      bool left_out = false;
      auto value = value_of(*name.expression, scope, left_out);
      if (!value) {
        return false;
      }
      if (!left_out) {
        out.emplace_back(std::string(name.name), std::move(*value));
      }
    }
    return true;
  }

  bool remember(const Value& value, const iam::PolicyDocument& document, const PreparedPolicyFix& fix) {
    const model::Resource* owner = nullptr;
    std::string path;
    std::string plain;
    if (!find_holder(value, owner, path, plain)) {
      problem_ = "it was not found which resource holds the policy";
      return false;
    }
    changes_.push_back({std::string(owner->type), plain, false});
    auto before = std::make_shared<PolicyBefore>();
    before->memory = std::make_shared<source::Arena>(std::size_t{4} * 1024);
    eval::SymbolTable symbols(*before->memory);
    before->address = owner->address;
    before->path = path;
    before->kind = iam::policy_kind_from_name(fix.data->kind.text).value_or(iam::PolicyKind::kIdentity);
    before->widens = fix.data->widens;
    before->document = moved_to(document, symbols);
    if (fix.keeps != nullptr) {
      const iam::ParsedFormula parsed = iam::read_formula(eval::evaluate(*fix.keeps, fix_scope_, context_));
      if (!parsed.formula) {
        problem_ = "the rule does not say what must stay allowed: " + parsed.error;
        return false;
      }
      before->keeps = moved_to(*parsed.formula, symbols);
    }
    policies_.push_back(std::move(before));
    return true;
  }

  /// Is there a need for it? What is not known counts as one.
  bool wanted(const PreparedCompanion& given) {
    if (given.when == nullptr) {
      return true;
    }
    const Value value = eval::evaluate(*given.when, scope_, context_);
    return !value.is_bool() || value.boolean();
  }

  bool companion(const PreparedCompanion& given, FixBuilder& builder) {
    NewBlock body;
    bool left_out = false;
    if (resource_.syntax == nullptr) {
      return false;
    }
    if (!wanted(given)) {
      return true;
    }
    if (switched_off(given.data->type)) {
      problem_ = "the module has " + std::string(given.data->type) + "." + std::string(resource_.name) +
                 ", which its arguments switch off";
      return false;
    }
    const FixStyle style = style_inside();
    for (const NamedText& refer : given.data->refer) {
      const std::string reference =
          std::string(resource_.type) + "." + std::string(resource_.name) + std::string(instance_suffix(resource_));
      add_nested(body, refer.name, reference + "." + std::string(refer.value.text));
    }
    if (!attributes(given.set, body)) {
      return false;
    }
    for (const PreparedName& json : given.json) {
      auto value = value_of(*json.expression, fix_scope_, left_out);
      if (!value) {
        return false;
      }
      if (left_out) {
        continue;
      }
      order_statement(*value);
      for (auto& [name, member] : value->members) {
        if (name == "Statement" && member.kind == FixValue::Kind::kList) {
          std::for_each(member.elements.begin(), member.elements.end(), order_statement);
        }
      }
      const auto printed = print(*value, style);
      if (!printed) {
        return false;
      }
      add_nested(body, json.name, "jsonencode(" + *printed + ")");
    }
    if (!builder.companion(given.data->type, name_of(given), std::move(body), given.data->once)) {
      problem_ = builder.problem();
      return false;
    }
    changes_.push_back({std::string(given.data->type), "", true});
    return true;
  }

  /// Name of a resource to add: the one that the rule wants, or that of the judged resource, made free.
  [[nodiscard]] std::string name_of(const PreparedCompanion& given) {
    std::string wanted(resource_.name);
    if (given.name != nullptr) {
      const Value value = eval::evaluate(*given.name, scope_, context_);
      wanted = value.is_string() ? std::string(value.text()) : wanted;
    }
    return free_name(given.data->type, wanted);
  }

  [[nodiscard]] std::string name_of(const PreparedDeclaration& given) {
    const Value value = eval::evaluate(*given.name, scope_, context_);
    const std::string wanted = value.is_string() ? std::string(value.text()) : std::string(resource_.name);
    return given.block == "variable" ? free_name(given.block, wanted) : wanted;
  }

  [[nodiscard]] std::string free_name(std::string_view type, const std::string& wanted) const {
    std::string name = wanted;
    for (int i = 2; syntax_.declares(module_.directory, type, name); ++i) {
      name = wanted + "_" + std::to_string(i);
    }
    return name;
  }

  /// Is there such a resource beside the judged one that has no instance in this module? Then it is switched off by an
  /// argument, and one more of its kind is not what is missing.
  [[nodiscard]] bool switched_off(std::string_view type) const {
    if (!syntax_.declares(module_.directory, type, resource_.name)) {
      return false;
    }
    const auto all = rule_.configuration.of_type(type);
    return std::none_of(all.begin(), all.end(), [&](model::ResourceId id) {
      const model::Resource& other = rule_.configuration.resource(id);
      return other.module == resource_.module && other.name == resource_.name;
    });
  }

  const PreparedFix& fix_;
  const model::Resource& resource_;
  const RuleContext& rule_;
  const eval::Scope& scope_;
  const model::Module& module_;
  AddedNames added_;
  ReferredData data_;
  FixScope fix_scope_;
  eval::Context& context_;
  FixSyntax& syntax_;
  const Value* item_;
  FixTarget self_;
  FixTarget target_;
  std::string prefix_;
  std::vector<FixChange> changes_;
  std::vector<std::shared_ptr<const PolicyBefore>> policies_;
  std::string problem_;
  std::string paste_;
  bool manual_ = false;
  bool replaces_ = false;  ///< the provider makes a new resource for it
};

}  // namespace

FixProposal make_fix(const PreparedFix& fix, const model::Resource& resource, const Value* item,
                     const RuleContext& rule, const eval::Scope& scope, eval::Context& context, FixSyntax& syntax) {
  if (fix.on == nullptr) {
    return Maker(fix, resource, item, rule, scope, context, syntax).run();
  }
  const Value other = eval::evaluate(*fix.on, scope, context);
  const model::Resource* edited = rule.views.resource_of(other);
  return Maker(fix, edited == nullptr ? resource : *edited, nullptr, rule, scope, context, syntax)
      .run(edited != nullptr);
}

}  // namespace gabion::engine
