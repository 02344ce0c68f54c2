#include "engine/fix.h"

#include <algorithm>
#include <map>

#include "aws/provider_schema.h"
#include "engine/fix_builder.h"
#include "engine/fix_policy.h"
#include "engine/fix_text.h"
#include "engine/iam_functions.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;
using findings::Safety;

/// No value is edited at more places than that.
constexpr std::size_t kMaxAlternatives = 6;

/// What expressions of a fix see beyond those of the rule: `statement`, hole("what a person has to fill in"), and
/// refer("arn"), a reference to an attribute of the judged resource.
class FixScope final : public eval::Scope {
 public:
  FixScope(const eval::Scope& outer, const model::Resource& resource, const Value* statement = nullptr)
      : outer_(outer), resource_(resource), statement_(statement) {}

  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, eval::Context& context) const override {
    if (reference.root == "statement" && statement_ != nullptr) {
      return {*statement_, 0};
    }
    return outer_.resolve(reference, context);
  }
  [[nodiscard]] std::optional<Value> call(const eval::Call& call, eval::Context& context) const override {
    if (call.name != "hole" && call.name != "refer") {
      return outer_.call(call, context);
    }
    if (call.arguments.size() != 1 || !call.arguments[0].is_string()) {
      return eval::make_error(context.arena, std::string(call.name) + "() takes one text", call.region);
    }
    const std::string given(call.arguments[0].text());
    eval::Symbol symbol;
    symbol.region = call.region;
    if (call.name == "hole") {
      symbol.reason = eval::Reason::kConfiguration;
      symbol.text = context.arena.copy(std::string(kHolePrefix) + given);
    } else {
      symbol.reason = eval::Reason::kComputed;
      symbol.text = context.arena.copy(std::string(resource_.address) + "." + given);
      symbol.subject = resource_.address;
      symbol.path = context.arena.copy(given);
    }
    return eval::make_unknown(context.arena, eval::kStringType, context.symbols.intern(symbol));
  }

 private:
  const eval::Scope& outer_;
  const model::Resource& resource_;
  const Value* statement_;
};

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

std::string joined(std::string_view prefix, std::string_view path) {
  return prefix.empty() ? std::string(path) : std::string(prefix) + "." + std::string(path);
}

iam::Text moved(const iam::Text& text, eval::SymbolTable& symbols) {
  iam::Text result(std::string_view(), text.region);
  for (const iam::Segment& segment : text.segments()) {
    if (!segment.is_hole) {
      result.append(segment.text);
      continue;
    }
    iam::Hole hole = segment.hole;
    if (hole.symbol != nullptr) {
      eval::Symbol plain = *hole.symbol;
      plain.cause = nullptr;
      hole.symbol = symbols.intern(plain);
    }
    result.append(std::move(hole));
  }
  return result;
}

iam::Formula moved(const iam::Formula& formula, eval::SymbolTable& symbols) {
  iam::Formula result = formula;
  for (iam::Text& text : result.values) {
    text = moved(text, symbols);
  }
  for (auto list : {&iam::PrincipalFilter::accounts, &iam::PrincipalFilter::is}) {
    for (iam::Text& text : result.principal.*list) {
      text = moved(text, symbols);
    }
  }
  for (iam::Formula& child : result.children) {
    child = moved(child, symbols);  // as deep as the reader of formulas lets them be
  }
  return result;
}

void move_hole(std::optional<iam::Hole>& hole, eval::SymbolTable& symbols) {
  if (hole && hole->symbol != nullptr) {
    eval::Symbol plain = *hole->symbol;
    plain.cause = nullptr;
    hole->symbol = symbols.intern(plain);
  }
}

class Maker {
 public:
  Maker(const PreparedFix& fix, const model::Resource& resource, const Value* item, const RuleContext& rule,
        const eval::Scope& scope, eval::Context& context, FixSyntax& syntax)
      : fix_(fix),
        resource_(resource),
        rule_(rule),
        scope_(scope),
        fix_scope_(scope, resource),
        context_(context),
        syntax_(syntax),
        item_(item),
        module_(rule.configuration.module(resource.module)) {
    self_ = {&resource.body, resource.syntax};
    target_ = self_;
    if (item != nullptr) {
      if (const model::Body* judged = rule.views.body_of(*item); judged != nullptr) {
        target_ = {judged, rule.views.block_of(*item)};
        prefix_ = path_of(resource.body, *judged, false).value_or("");
      }
    }
  }

  std::optional<FixProposal> run() {
    FixProposal proposal;
    std::size_t choices = 1;
    for (std::size_t choice = 0; choice < std::min(choices, kMaxAlternatives); ++choice) {
      changes_.clear();
      policies_.clear();
      FixBuilder builder(rule_.artifacts, syntax_, resource_, module_, choice);
      manual_ = false;
      if (!build(builder)) {
        if (choice == 0 && !problem_.empty()) {
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
        proposal.alternatives.push_back({std::move(made), builder.why()});
        proposal.changes = changes_;
        proposal.policies = policies_;
      }
    }
    return proposal.alternatives.empty() ? std::nullopt : std::optional(std::move(proposal));
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
  std::optional<FixProposal> by_hand() {
    FixProposal proposal;
    findings::Fix made;
    made.title = title("change it by hand") + ": " + problem_ + (paste_.empty() ? "" : "; write " + paste_);
    made.safety = Safety::kManual;
    proposal.alternatives.push_back({std::move(made), problem_});
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
      if (!known_to_provider(on_self ? std::string_view() : prefix_, path)) {
        return false;
      }
      if (!value || !builder.set(on_self ? self_ : target_, path, *value)) {
        problem_ = builder.problem();
        paste_ = value ? std::string(path) + " = " + hcl(*value) : "";
        return false;
      }
      change(on_self ? "" : prefix_, path);
    }
    for (const PreparedInsert& insert : fix_.insert) {
      std::vector<std::pair<std::string, FixValue>> attributes;
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
        if (!known_to_provider(prefix_, std::string(insert.type) + "." + name)) {
          return false;
        }
      }
      if (!builder.insert(target_, insert.type, attributes)) {
        return false;
      }
      change(prefix_, insert.type);
    }
    for (const std::string_view path : fix_.remove) {
      if (path == "item" && item_ != nullptr && target_.body == self_.body) {
        if (!remove_item(builder)) {
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
          return false;
        }
        change(prefix_, entry.name);
      }
    }
    return std::all_of(fix_.policies.begin(), fix_.policies.end(),
                       [&](const PreparedPolicyFix& one) { return policy(one, builder); }) &&
           std::all_of(fix_.companions.begin(), fix_.companions.end(),
                       [&](const PreparedCompanion& one) { return companion(one, builder); });
  }

  /// Takes the judged element out of the list in which it is written.
  bool remove_item(FixBuilder& builder) {
    const std::optional<std::string> path = element_path(resource_.body, *item_);
    return path && builder.remove_value(*item_) && (change("", *path), true);
  }

  /// Plain path of the attribute that has the value as an element.
  static std::optional<std::string> element_path(const model::Body& body, const Value& element, int depth = 0) {
    constexpr int kMaxDepth = 64;
    for (const model::Attribute& attribute : body.attributes) {
      if (attribute.value.is_sequence() &&
          std::any_of(attribute.value.elements().begin(), attribute.value.elements().end(),
                      [&](const Value& one) { return &one.node() == &element.node(); })) {
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
        const FixScope scope(scope_, resource_, &statement);
        const Value chosen = eval::evaluate(*fix.where, scope, context_);
        if (!chosen.is_bool() || !chosen.boolean()) {
          continue;
        }
        ChangedStatement one{i, {}};
        one.change.drop = fix.data->drop;
        if (!entries(fix.set, scope, one.change.set) || !entries(fix.add, scope, one.change.add) ||
            !entries(fix.remove, scope, one.change.remove)) {
          problem_ = "what to write into the policy is not known";
          return false;
        }
        if (one.change.drop || !one.change.set.empty() || !one.change.add.empty() || !one.change.remove.empty()) {
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
    if (changed.empty() && appended.empty()) {
      return false;
    }
    std::string problem;
    std::vector<findings::Edit> edits = edit_policy(document, changed, appended, syntax_, rule_.artifacts, problem);
    if (edits.empty()) {
      problem_ = problem;
      return false;
    }
    builder.add_edits(std::move(edits), "change the policy");
    return remember(value, document, fix);
  }

  bool entries(const std::vector<PreparedName>& given, const eval::Scope& scope,
               std::vector<std::pair<std::string, FixValue>>& out) {
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
      before->keeps = moved(*parsed.formula, symbols);
    }
    policies_.push_back(std::move(before));
    return true;
  }

  bool companion(const PreparedCompanion& given, FixBuilder& builder) {
    NewBlock body;
    bool left_out = false;
    if (resource_.syntax == nullptr) {
      return false;
    }
    if (switched_off(given.data->type)) {
      problem_ = "the module has " + std::string(given.data->type) + "." + std::string(resource_.name) +
                 ", which its arguments switch off";
      return false;
    }
    // Attributes stand one level below the resource's own.
    const std::string_view text = rule_.artifacts.get(resource_.syntax->region.artifact).bytes();
    FixStyle style;
    style.step = indentation_step(text);
    style.newline = newline_near(text, resource_.syntax->region.begin);
    style.indent = std::string(indentation_at(text, resource_.syntax->region.begin)) + style.step;
    for (const NamedText& refer : given.data->refer) {
      std::string reference = std::string(resource_.type) + "." + std::string(resource_.name);
      if (resource_.syntax != nullptr && resource_.syntax->body->attribute("count") != nullptr) {
        reference += "[count.index]";
      } else if (resource_.syntax != nullptr && resource_.syntax->body->attribute("for_each") != nullptr) {
        reference += "[each.key]";
      }
      add_nested(body, refer.name, reference + "." + std::string(refer.value.text));
    }
    for (const PreparedName& set : given.set) {
      const auto value = value_of(*set.expression, fix_scope_, left_out);
      const auto printed = value ? print(*value, style) : std::nullopt;
      if (!printed) {
        return false;
      }
      if (!left_out) {
        add_nested(body, set.name, *printed);
      }
    }
    for (const PreparedName& json : given.json) {
      auto value = value_of(*json.expression, fix_scope_, left_out);
      if (!value) {
        return false;
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
    std::string name(resource_.name);
    if (given.name != nullptr) {
      const Value wanted = eval::evaluate(*given.name, scope_, context_);
      name = wanted.is_string() ? std::string(wanted.text()) : name;
    }
    if (!builder.companion(given.data->type, free_name(given.data->type, name), std::move(body))) {
      return false;
    }
    changes_.push_back({std::string(given.data->type), "", true});
    return true;
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
  FixScope fix_scope_;
  eval::Context& context_;
  FixSyntax& syntax_;
  const Value* item_;
  const model::Module& module_;
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

iam::PolicyDocument moved_to(const iam::PolicyDocument& document, eval::SymbolTable& symbols) {
  iam::PolicyDocument result = document;
  const auto move_text = [&](std::optional<iam::Text>& text) {
    if (text) {
      text = moved(*text, symbols);
    }
  };
  const auto move_list = [&](iam::TextList& list) {
    for (iam::Text& text : list.items) {
      text = moved(text, symbols);
    }
  };
  const auto move_principals = [&](iam::PrincipalSet& set) {
    for (iam::Identifier& identifier : set.identifiers) {
      identifier.value = moved(identifier.value, symbols);
    }
  };
  result.origin = nullptr;
  move_text(result.version);
  move_text(result.id);
  move_hole(result.open, symbols);
  for (iam::Statement& statement : result.statements) {
    statement.origin = nullptr;
    move_text(statement.sid);
    statement.effect_text = moved(statement.effect_text, symbols);
    move_hole(statement.open, symbols);
    for (auto list : {&iam::Statement::actions, &iam::Statement::not_actions, &iam::Statement::resources,
                      &iam::Statement::not_resources}) {
      move_list(statement.*list);
    }
    move_principals(statement.principals);
    move_principals(statement.not_principals);
    for (iam::Condition& condition : statement.conditions) {
      condition.operator_text = moved(condition.operator_text, symbols);
      condition.key = moved(condition.key, symbols);
      move_list(condition.values);
    }
  }
  return result;
}

iam::Formula moved_to(const iam::Formula& formula, eval::SymbolTable& symbols) {
  return moved(formula, symbols);
}

std::optional<FixProposal> make_fix(const PreparedFix& fix, const model::Resource& resource, const Value* item,
                                    const RuleContext& rule, const eval::Scope& scope, eval::Context& context,
                                    FixSyntax& syntax) {
  return Maker(fix, resource, item, rule, scope, context, syntax).run();
}

}  // namespace gabion::engine
