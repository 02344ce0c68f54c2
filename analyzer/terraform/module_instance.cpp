#include "terraform/module_instance.h"

#include <algorithm>
#include <utility>

#include "aws/provider_schema.h"
#include "terraform/existence.h"
#include "terraform/expansion.h"
#include "terraform/outlines.h"
#include "terraform/policy_document.h"
#include "terraform/policy_lookup.h"
#include "terraform/region_facts.h"
#include "terraform/relative_path.h"
#include "terraform/resource_facts.h"
#include "terraform/template_data.h"

namespace gabion::terraform {
namespace {

using eval::Reason;
using eval::Symbol;
using eval::Value;
using findings::DiagnosticSeverity;

/// Resource instances that count as much as one of a module, by the memory they take.
constexpr std::uint32_t kModuleWeight = 16;

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string join_address(std::string_view module, std::string_view below) {
  std::string address;
  address.reserve(module.size() + 1 + below.size());
  address += module;
  address += module.empty() ? "" : ".";
  address += below;
  return address;
}

std::string resource_address(const ResourceDeclaration& declaration) {
  const std::string_view kind = declaration.ephemeral                    ? "ephemeral."
                                : declaration.mode == model::Mode::kData ? "data."
                                                                         : "";
  std::string address;
  address.reserve(kind.size() + declaration.type().size() + 1 + declaration.name().size());
  address += kind;
  address += declaration.type();
  address += '.';
  address += declaration.name();
  return address;
}

/// Name of an attribute step; empty for index steps.
std::string_view attribute_step(const hcl::Traversal& reference, std::size_t step) {
  return step < reference.steps.size() && reference.steps[step].kind == hcl::StepKind::kAttribute
             ? reference.steps[step].name
             : std::string_view{};
}

/// Number of the instance that an index step names; nothing when there is no such instance.
std::optional<std::size_t> named_instance(const Repetition& repetition, const hcl::Step& step) {
  for (std::size_t index = 0; index < repetition.items.size(); ++index) {
    const Value& key = repetition.items[index].key;
    if ((step.kind == hcl::StepKind::kIndexString && key.is_string() && key.text() == step.name) ||
        (step.kind == hcl::StepKind::kIndexNumber && key.is_number() && key.number().to_string() == step.number)) {
      return index;
    }
  }
  return std::nullopt;
}

}  // namespace

/// While what a module declares is evaluated: an outline is our own, like a rule, so that branches that are not taken
/// need not be looked at for what is wrong in them, and nobody is told which of its names a value went by.
class ModuleInstance::Manner {
 public:
  Manner(const ModuleInstance& of, eval::Context& context)
      : context_(context), before_(std::exchange(context.for_rules, of.module_.outline)) {}
  Manner(const Manner&) = delete;
  Manner& operator=(const Manner&) = delete;
  ~Manner() { context_.for_rules = before_; }

 private:
  eval::Context& context_;
  bool before_;
};

ModuleInstance::ModuleInstance(Expansion& expansion, const Module& module)
    : expansion_(expansion),
      module_(module),
      assuming_scope_({}, *this),
      arguments_scope_({}, nullptr),
      variables_(module.variables.size()),
      locals_(module.locals.size()),
      outputs_(module.outputs.size()),
      resources_(module.resources.size()),
      calls_(module.calls.size()) {
  expansion.reach(module.directory);
}

ModuleInstance::ModuleInstance(const ModuleInstance& caller, const Module& module, const CallDeclaration& call,
                               const Repetition& repetition, const Repetition::Item& item,
                               std::vector<eval::Assumption> assumed)
    : expansion_(caller.expansion_),
      module_(module),
      caller_(&caller),
      call_(&call),
      depth_(caller.depth_ + 1),
      address_(join_address(caller.address_, "module." + std::string(call.name) + key_suffix(repetition, item))),
      config_address_(join_address(caller.config_address_, "module." + std::string(call.name))),
      call_path_(join_address(caller.call_path_, call.name)),
      assumed_(std::move(assumed)),
      assuming_scope_(assumed_, caller),
      arguments_scope_(repetition.kind == Repetition::Kind::kSingle
                           ? std::span<const eval::LocalScope::Binding>{}
                           : std::span<const eval::LocalScope::Binding>(bindings_),
                       &assuming_scope_),
      variables_(module.variables.size()),
      locals_(module.locals.size()),
      outputs_(module.outputs.size()),
      resources_(module.resources.size()),
      calls_(module.calls.size()) {
  if (repetition.kind != Repetition::Kind::kSingle) {
    bindings_[0] = binding(repetition, item, expansion_.arena());
  }
  expansion_.reach(module.directory);
  for (const hcl::Attribute& given : call.block->body->attributes) {
    static constexpr std::array<std::string_view, 6> kMeta{"source",   "version",   "count",
                                                           "for_each", "providers", "depends_on"};
    if (std::find(kMeta.begin(), kMeta.end(), given.name) == kMeta.end() && !module.outline &&
        !module.variable(given.name)) {
      expansion_.report(DiagnosticSeverity::kWarning, "undeclared-argument",
                        "module " + quoted(call.name) + " has no variable " + quoted(given.name),
                        "remove the argument, or declare the variable in " + module.directory, given.name_region());
    }
  }
}

ModuleInstance::~ModuleInstance() = default;

std::string ModuleInstance::qualified(std::string_view name) const {
  return join_address(address_, name);
}

Value ModuleInstance::cycle(const std::string& name, source::Region region) const {
  expansion_.report(DiagnosticSeverity::kError, "reference-cycle", name + " depends on itself",
                    "break the circle of references", region);
  return expansion_.invalid(qualified(name), region);
}

// ---- Variables, locals, outputs. ----

Value ModuleInstance::fitted(const Value& given, const VariableDeclaration& declaration, source::Region place,
                             eval::Context& context) const {
  const auto name = [&] { return "var." + std::string(declaration.name); };
  if (given.is_error()) {
    return expansion_.settle(given, qualified(name()));
  }
  if (given.is_null() && !declaration.nullable && declaration.fallback) {
    return *declaration.fallback;
  }
  Value value = eval::convert(given, *declaration.type, context);
  if (value.is_error()) {
    expansion_.report(DiagnosticSeverity::kWarning, "invalid-variable-value",
                      "value of " + name() + ": " + std::string(value.error().message),
                      "give a value of type " + eval::to_string(*declaration.type), place);
    value = expansion_.invalid(qualified(name()), place);
  }
  value = narrowed(value, declaration.narrowing, context);
  if (declaration.sensitive) {
    value = eval::with_marks(context.arena, value, eval::kSensitive);
  }
  return value.with_origin(given.origin());
}

Value ModuleInstance::root_variable(const VariableDeclaration& declaration, eval::Context& context) const {
  if (const Assignment* assignment = expansion_.variables().find(declaration.name)) {
    const Value given = assigned_value(*assignment, declaration, expansion_.library(), context);
    const source::Region place = given.origin() != nullptr ? given.origin()->region : source::Region{};
    return fitted(given, declaration, place.valid() ? place : declaration.block->header, context);
  }
  return open_variable(declaration, address_, context);
}

bool ModuleInstance::is_block(std::string_view name) const {
  const auto& blocks = call_->block->body->blocks;
  return std::any_of(blocks.begin(), blocks.end(), [&](const hcl::Block& block) { return block.type == name; });
}

bool ModuleInstance::is_given_otherwise(const VariableDeclaration& declaration) const {
  return !assumed_version_.empty() &&
         std::ranges::any_of(call_->block->body->attributes, [&](const hcl::Attribute& given) {
           return !module_.variable(given.name) && may_be_renamed(given.name, declaration.name);
         });
}

Value ModuleInstance::argument(const VariableDeclaration& declaration, eval::Context& context) const {
  const hcl::Attribute* given = call_->block->body->attribute(declaration.name);
  if (given == nullptr) {
    if (module_.outline && is_block(declaration.name)) {
      return expansion_.invalid(qualified("var." + std::string(declaration.name)), call_->block->header);
    }
    if (!declaration.fallback) {
      expansion_.report(DiagnosticSeverity::kWarning, "missing-argument",
                        "module " + quoted(call_->name) + " is not given its variable " + quoted(declaration.name),
                        "add the argument, or a default to the variable", call_->block->header);
    }
    return open_variable(declaration, address_, context);
  }
  const auto with_way = [&](const Value& value) {
    return value.with_origin(eval::make_origin(context.arena, eval::OriginKind::kArgument, given->expression->region,
                                               declaration.name, value.origin()));
  };
  const Manner manner(*caller_, context);
  Expansion::Evaluated evaluated = expansion_.evaluate(*given->expression, arguments_scope_, context);
  evaluated.value = eval::assuming(evaluated.value, assumed_, context);
  const Value fitting = fitted(with_way(evaluated.value), declaration, given->expression->region, context);
  if (!evaluated.value.is_error() && !evaluated.met_mended) {
    return fitting;
  }
  const std::string name = qualified("var." + std::string(declaration.name));
  const Value rest = expansion_.settle(evaluated, *given->expression, arguments_scope_, name, context);
  if (eval::convert(rest, *declaration.type, context).is_error()) {
    return fitting;
  }
  const Value mended = fitted(with_way(rest), declaration, given->expression->region, context);
  expansion_.note_made_of(rest, mended);
  return mended;
}

Value ModuleInstance::variable(std::uint32_t index, eval::Context& context) const {
  const VariableDeclaration& declaration = module_.variables[index];
  Slot& slot = variables_[index];
  if (slot.state == State::kDone) {
    return slot.value;
  }
  if (slot.state == State::kRunning) {
    return cycle("var." + std::string(declaration.name), declaration.block->header);
  }
  slot.state = State::kRunning;
  const bool given = caller_ == nullptr ? expansion_.variables().find(declaration.name) != nullptr
                                        : call_->block->body->attribute(declaration.name) != nullptr ||
                                              (module_.outline && is_block(declaration.name));
  const bool hidden = caller_ == nullptr && expansion_.variables().open();
  if (!given && (hidden || is_given_otherwise(declaration))) {
    slot.value = open_variable(declaration, address_, context);
  } else if (!given && declaration.fallback) {
    slot.value = declaration.sensitive ? eval::with_marks(context.arena, *declaration.fallback, eval::kSensitive)
                                             .with_origin(declaration.fallback->origin())
                                       : *declaration.fallback;
  } else {
    slot.value = caller_ == nullptr ? root_variable(declaration, context) : argument(declaration, context);
  }
  slot.state = State::kDone;
  return slot.value;
}

Value ModuleInstance::declared(const hcl::Expression& expression, std::string_view kind, std::string_view name,
                               eval::Context& context) const {
  const Manner manner(*this, context);
  const Expansion::Evaluated evaluated = expansion_.evaluate(expression, *this, context);
  const bool plain = evaluated.value.is_known() && !evaluated.met_mended;  // saves making the name
  return plain ? evaluated.value
               : expansion_.settle(evaluated, expression, *this, qualified(std::string(kind) + std::string(name)),
                                   context);
}

Value ModuleInstance::local(std::uint32_t index, eval::Context& context) const {
  const LocalDeclaration& declaration = module_.locals[index];
  Slot& slot = locals_[index];
  if (slot.state == State::kDone) {
    return slot.value;
  }
  if (slot.state == State::kRunning) {
    return cycle("local." + std::string(declaration.name), declaration.attribute->region);
  }
  slot.state = State::kRunning;
  slot.value = declared(*declaration.attribute->expression, "local.", declaration.name, context);
  slot.state = State::kDone;
  return slot.value;
}

Value ModuleInstance::output(std::uint32_t index, eval::Context& context) const {
  const OutputDeclaration& declaration = module_.outputs[index];
  Slot& slot = outputs_[index];
  if (slot.state == State::kDone) {
    return slot.value;
  }
  if (slot.state == State::kRunning) {
    return cycle("output." + std::string(declaration.name), declaration.block->header);
  }
  slot.state = State::kRunning;
  Value value;
  if (declaration.value != nullptr) {
    value = declared(*declaration.value->expression, "output.", declaration.name, context);
  }
  if (declaration.sensitive) {
    const Value marked = eval::with_marks(context.arena, value, eval::kSensitive).with_origin(value.origin());
    expansion_.note_made_of(value, marked);
    value = marked;
  } else if (caller_ == nullptr && (value.node().marks_inside & eval::kSensitive) != 0) {
    // Terraform makes no plan then, so there is no such output.
    const std::string name = "output." + std::string(declaration.name);
    expansion_.report(DiagnosticSeverity::kWarning, "sensitive-output",
                      name + " holds a sensitive value but is not marked so", "set sensitive = true",
                      declaration.block->header);
    value = expansion_.invalid(qualified(name), declaration.block->header).with_origin(value.origin());
  }
  slot.value = value;
  slot.state = State::kDone;
  return slot.value;
}

Value ModuleInstance::outputs(eval::Context& context) const {
  std::vector<eval::Member> members;
  members.reserve(module_.outputs.size());
  for (std::uint32_t index = 0; index < module_.outputs.size(); ++index) {
    members.push_back({module_.outputs[index].name, output(index, context)});
  }
  if (module_.outline) {
    const Symbol* symbol = context.symbols.intern({Reason::kModule, address_, address_, {}, call_->block->header});
    return eval::make_object(context.arena, members, eval::Rest::kComputed, symbol);
  }
  return eval::make_object(context.arena, members);
}

// ---- Resources. ----

const ModuleInstance::ResourceSlot& ModuleInstance::resource(std::uint32_t index, eval::Context& context) const {
  ResourceSlot& slot = resources_[index];
  if (slot.state == State::kNew) {
    slot.state = State::kRunning;
    const Manner manner(*this, context);
    expand_resource(module_.resources[index], slot, context);
    slot.state = State::kDone;
  }
  return slot;
}

std::vector<eval::Assumption> ModuleInstance::conditions(const Repetition::Item& item, const hcl::Attribute* count,
                                                         const hcl::Attribute* for_each, eval::Context& context) const {
  const hcl::Attribute* attribute = count != nullptr ? count : for_each;
  return conditions_of(item, attribute != nullptr ? attribute->expression : nullptr, module_, *this, context);
}

void ModuleInstance::expand_resource(const ResourceDeclaration& declaration, ResourceSlot& slot,
                                     eval::Context& context) const {
  const std::string base = qualified(resource_address(declaration));
  const hcl::Attribute* count = declaration.count();
  const hcl::Attribute* for_each = declaration.for_each();
  if (count != nullptr || for_each != nullptr) {
    slot.repeated = std::make_unique<const Repetition>(repeat(count, for_each, *this, context, expansion_, base));
  }
  const Repetition& repetition = slot.repetition();
  const Reason reason = declaration.mode == model::Mode::kData ? Reason::kData : Reason::kComputed;
  std::vector<ResourceInstance> instances;
  instances.reserve(repetition.items.size());
  for (const Repetition::Item& item : repetition.items) {
    if (!expansion_.take_instance(declaration.block->header)) {
      break;
    }
    const std::string address = base + key_suffix(repetition, item);
    auto* facts = context.arena.make<ResourceFacts>(resource_facts(*declaration.block));
    const Symbol* owner = context.symbols.intern({.reason = reason,
                                                  .text = address,
                                                  .subject = address,
                                                  .path = {},
                                                  .region = declaration.block->header,
                                                  .facts = facts});
    const hcl::Body& written = *declaration.block->body;
    if (repetition.kind == Repetition::Kind::kSingle) {
      facts->body = evaluate_body(written, *this, MetaArguments::kResource, address, context, expansion_);
    } else {
      const std::array<eval::LocalScope::Binding, 1> bindings{binding(repetition, item, context.arena)};
      const std::vector<eval::Assumption> assumed = conditions(item, count, for_each, context);
      const eval::AssumingScope here(assumed, *this);
      const eval::LocalScope scope(bindings, &here);
      facts->body = evaluate_body(written, scope, MetaArguments::kResource, address, context, expansion_, assumed);
    }
    if (declaration.mode == model::Mode::kData && !declaration.ephemeral) {
      const std::span<const eval::Member> known = computed_of_data(declaration, facts->body, *owner, context);
      facts->known = known.empty() ? nullptr : context.arena.make<std::span<const eval::Member>>(known);
    }
    instances.push_back({owner, facts});
  }
  slot.first = context.arena.copy(instances).data();
  slot.size = static_cast<std::uint32_t>(instances.size());
  if (instances.size() < repetition.items.size()) {
    slot.value = context.arena.make<Value>(expansion_.invalid(base, declaration.block->header));
  }
}

std::span<const eval::Member> ModuleInstance::computed_of_data(const ResourceDeclaration& declaration,
                                                               const model::Body& body, const Symbol& owner,
                                                               eval::Context& context) const {
  const std::string_view type = declaration.type();
  const source::Region place = declaration.block->header;
  if (type == "aws_iam_policy_document") {
    return rendered_policy(body, owner, place, context, expansion_);
  }
  if (type == "template_file") {
    return rendered_template(body, owner, place, context);
  }
  if (type == "aws_iam_policy") {
    return found_policy(body, aws_facts(declaration.provider(), context), owner, context);
  }
  if (tells_account(type)) {
    return account_facts(body, aws_facts(declaration.provider(), context), type, context);
  }
  return {};
}

const Value& ModuleInstance::resource_value(std::uint32_t index, eval::Context& context) const {
  ResourceSlot& slot = resources_[index];
  if (slot.value == nullptr) {
    const ResourceDeclaration& declaration = module_.resources[index];
    const eval::Origin* place =
        eval::make_origin(context.arena, eval::OriginKind::kExpression, declaration.block->header);
    std::vector<Value> values;
    values.reserve(slot.size);
    for (const auto& [symbol, facts] : slot.instances()) {
      values.push_back(object_of(facts->body, facts->computed(), *symbol, context).with_origin(place));
    }
    slot.value = context.arena.make<Value>(
        collect(slot.repetition(), values, qualified(resource_address(declaration)), context));
  }
  return *slot.value;
}

std::optional<Value> ModuleInstance::resource_attribute(const ResourceSlot& slot, const hcl::Step& step,
                                                        eval::Context& context) {
  if (slot.repetition().kind != Repetition::Kind::kSingle || slot.size != 1 || step.kind != hcl::StepKind::kAttribute) {
    return std::nullopt;
  }
  const Symbol& instance = *slot.first->symbol;
  const ResourceFacts& facts = *slot.first->facts;
  const auto has_name = [&](const auto& named) { return named.name == step.name; };
  const auto is_block = [&](const model::Block& block) { return block.type == step.name; };
  if (std::ranges::any_of(facts.body.blocks, is_block) || std::ranges::any_of(facts.computed(), has_name)) {
    return std::nullopt;
  }
  const model::Attribute* written = facts.body.attribute(step.name);
  if (written == nullptr || written->value.is_null()) {
    return eval::computed_attribute(instance, step.name, context)
        .with_origin(eval::make_origin(context.arena, eval::OriginKind::kExpression, instance.region));
  }
  return written->value.origin() == nullptr ? std::nullopt : std::optional(attribute_seen(*written, instance, context));
}

namespace {

/// Where the name of a member was written: nowhere for blocks.
source::Region member_region(const Value& object, std::string_view name) {
  const auto members = object.members();
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const eval::Member& member) { return member.name == name; });
  return found == members.end() ? source::Region{} : found->name_region;
}

/// What a block is where its attributes are asked for without an index. Some providers make a block an object, others
/// a list of them; where nobody tells which, it may be an object, of which the provider may compute more.
std::optional<eval::Scope::Resolved> block_as_object(const Value& resource, const hcl::Traversal& reference,
                                                     std::size_t steps, eval::Context& context) {
  Value at = resource;
  for (std::size_t i = steps; i + 1 < reference.steps.size(); ++i) {
    const hcl::Step& step = reference.steps[i];
    const Value* member = step.kind == hcl::StepKind::kAttribute ? at.member(step.name) : nullptr;
    const bool block = member != nullptr && at.rest() != nullptr && !member_region(at, step.name).valid();
    if (block && member->is_sequence() && reference.steps[i + 1].kind == hcl::StepKind::kAttribute) {
      const Value open = eval::make_object(context.arena, {}, eval::Rest::kComputed, at.rest());
      return eval::Scope::Resolved{eval::get_attribute(open, step.name, step.region, context), i + 1};
    }
    at = eval::apply_steps(at, reference.steps.subspan(i, 1), context);
    if (!at.is_known()) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

eval::Scope::Resolved ModuleInstance::resolve_resource(const hcl::Traversal& reference, std::size_t steps,
                                                       model::Mode mode, std::string_view type, std::string_view name,
                                                       eval::Context& context) const {
  const auto index = module_.resource(mode, type, name);
  if (!index) {
    const std::string what = std::string(mode == model::Mode::kData ? "data source " : "resource ") +
                             std::string(type) + "." + std::string(name);
    return {eval::make_error(context.arena, what + " is not declared in this module", reference.region), steps};
  }
  const ResourceSlot& slot = resource(*index, context);
  if (slot.state == State::kRunning) {
    return {cycle(resource_address(module_.resources[*index]), reference.region), steps};
  }
  const std::size_t left = reference.steps.size() - steps;
  const bool has_schema = mode == model::Mode::kData ? aws::provider_data_source(type).has_value()
                                                     : aws::provider_resource(type).has_value();
  if (left != 0 && (has_schema || left == 1)) {
    const std::optional<Value> attribute = resource_attribute(slot, reference.steps[steps], context);
    // What was mended is told apart where it is named as a whole, as a part of the object is not.
    if (attribute && expansion_.before_mending(*attribute) == nullptr) {
      return {*attribute, steps + 1};
    }
  }
  const Value& value = resource_value(*index, context);
  if (!has_schema) {
    if (const std::optional<Resolved> block = block_as_object(value, reference, steps, context)) {
      return *block;
    }
  }
  return {value, steps};
}

// ---- Calls. ----

ModuleInstance::Called ModuleInstance::outlined_module(const CallDeclaration& declaration,
                                                       eval::Context& context) const {
  std::vector<std::string_view> arguments;
  for (const hcl::Attribute& given : declaration.block->body->attributes) {
    arguments.push_back(given.name);
  }
  // A version that is no literal says which one it is, to others.
  const bool open = declaration.version.empty() && declaration.block->body->attribute("version") != nullptr;
  std::string_view version = declaration.version;
  if (const hcl::Attribute* written = declaration.block->body->attribute("source");
      written != nullptr && names_a_commit(declaration.source)) {
    const source::Region place = written->region;
    version = version_beside(expansion_.library().artifacts().get(place.artifact).bytes(), place.begin, place.end);
  }
  const Library::OutlinedModule found =
      open ? Library::OutlinedModule{} : expansion_.library().outline(declaration.source, version, arguments);
  if (!module_.outline) {  // what one outline takes from another is no call of the project's
    std::string message =
        "module " + quoted(declaration.name) + " (" + std::string(declaration.source) + ") is not downloaded";
    message += found.assumed.empty() ? "" : ", and its version is assumed to be the newest " + found.assumed;
    expansion_.report(DiagnosticSeverity::kNote, "module-not-downloaded", std::move(message),
                      "run terraform init, so that it can be analysed too", declaration.block->header);
  }
  return {found.module, context.arena.copy(found.assumed)};
}

ModuleInstance::Called ModuleInstance::called_module(const CallDeclaration& declaration, eval::Context& context) const {
  const std::string name = quoted(declaration.name);
  if (depth_ + 1 > expansion_.context().limits.module_depth) {
    expansion_.report(DiagnosticSeverity::kError, "module-depth-limit",
                      "module " + name + " is nested deeper than the limit of " +
                          std::to_string(expansion_.context().limits.module_depth),
                      "its outputs are taken as unknown", declaration.block->header);
    return {};
  }
  std::string directory = expansion_.downloaded(join_address(call_path_, declaration.name));
  if (!declaration.directory.empty()) {
    directory = declaration.directory;
  }
  const Module* module = nullptr;
  if (!directory.empty()) {
    module = expansion_.library().module(expansion_.library().known_spelling(directory));
  }
  if (module == nullptr) {
    if (!directory.empty() && expansion_.library().lies_outside(directory)) {
      expansion_.report(DiagnosticSeverity::kError, "module-outside",
                        "module " + name + " lies outside of the project, in " + directory,
                        "scan a directory that holds it too, or allow it with --allow-outside",
                        declaration.block->header, directory);
    } else if (declaration.source.empty()) {
      expansion_.report(DiagnosticSeverity::kWarning, "module-source", "source of module " + name + " is not a literal",
                        "its outputs are taken as unknown", declaration.block->header);
    } else if (declaration.directory.empty()) {
      return outlined_module(declaration, context);
    } else {
      expansion_.report(DiagnosticSeverity::kWarning, "module-not-found",
                        "module " + name + ": there are no Terraform files in " + declaration.directory,
                        "correct the source", declaration.block->header, declaration.directory);
    }
    return {};
  }
  for (const ModuleInstance* outer = this; outer != nullptr; outer = outer->caller_) {
    if (&outer->module_ == module) {
      expansion_.report(DiagnosticSeverity::kError, "module-cycle",
                        "module " + name + " calls a module that it is part of (" + module->directory + ")",
                        "remove the call; its outputs are taken as unknown", declaration.block->header);
      return {};
    }
  }
  return {module, {}};
}

Value ModuleInstance::absent_module(const CallDeclaration& declaration, const std::string& address,
                                    eval::Context& context) const {
  const Symbol* symbol = context.symbols.intern({Reason::kModule, address, address, {}, declaration.block->header});
  return eval::make_object(context.arena, {}, eval::Rest::kComputed, symbol);
}

void ModuleInstance::expand_call(const CallDeclaration& declaration, CallSlot& slot, eval::Context& context) const {
  const std::string base = qualified("module." + std::string(declaration.name));
  slot.repetition = repeat(declaration.count, declaration.for_each, *this, context, expansion_, base);
  const Called called = called_module(declaration, context);
  if (called.module == nullptr) {
    std::vector<Value> values;
    for (const Repetition::Item& item : slot.repetition.items) {
      values.push_back(absent_module(declaration, base + key_suffix(slot.repetition, item), context));
    }
    slot.value = collect(slot.repetition, values, base, context);
    return;
  }
  for (const Repetition::Item& item : slot.repetition.items) {
    if (!expansion_.take_instance(declaration.block->header, kModuleWeight)) {
      // Thousands of calls may each want thousands: one more than there are says that some are missing.
      slot.repetition.items.resize(slot.instances.size() + 1);
      slot.repetition.items.shrink_to_fit();
      break;
    }
    slot.instances.push_back(
        std::make_unique<ModuleInstance>(*this, *called.module, declaration, slot.repetition, item,
                                         conditions(item, declaration.count, declaration.for_each, context)));
    slot.instances.back()->assumed_version_ = called.assumed_version;
  }
}

const ModuleInstance::CallSlot& ModuleInstance::call_slot(std::uint32_t index, eval::Context& context) const {
  CallSlot& slot = calls_[index];
  if (slot.state == State::kNew) {
    slot.state = State::kRunning;
    expand_call(module_.calls[index], slot, context);
    slot.state = State::kDone;
  }
  return slot;
}

eval::Scope::Resolved ModuleInstance::resolve_call(const hcl::Traversal& reference, eval::Context& context) const {
  const std::string_view name = attribute_step(reference, 0);
  const auto index = module_.call(name);
  if (!index) {
    return {
        eval::make_error(context.arena, "module " + quoted(name) + " is not called in this module", reference.region),
        1};
  }
  const CallSlot& slot = call_slot(*index, context);
  const auto base = [&] { return "module." + std::string(name); };
  if (slot.state == State::kRunning) {
    return {cycle(base(), reference.region), 1};
  }
  if (slot.instances.size() == slot.repetition.items.size() && slot.repetition.open == nullptr &&
      !slot.instances.empty()) {
    // Only the output that is named gets evaluated, where the instance is certain.
    std::size_t instance = 0;
    std::size_t consumed = 1;
    bool named = slot.repetition.kind == Repetition::Kind::kSingle;
    if (!named && reference.steps.size() > 1) {
      if (const auto found = named_instance(slot.repetition, reference.steps[1])) {
        instance = *found;
        consumed = 2;
        named = true;
      }
    }
    if (const std::string_view wanted = attribute_step(reference, consumed); named && !wanted.empty()) {
      const ModuleInstance& callee = *slot.instances[instance];
      if (const auto output_index = callee.module_.output(wanted)) {
        return {callee.output(*output_index, context), consumed + 1};
      }
      if (callee.module_.outline) {
        return {absent_module(*callee.call_, callee.address_, context), consumed};
      }
      return {eval::make_error(context.arena, base() + " has no output " + quoted(wanted), reference.region),
              consumed + 1};
    }
  }
  if (!slot.value) {
    std::vector<Value> values;
    values.reserve(slot.instances.size());
    for (const auto& instance : slot.instances) {
      values.push_back(instance->outputs(context));
    }
    const bool complete = values.size() == slot.repetition.items.size();
    calls_[*index].value = complete ? collect(slot.repetition, values, qualified(base()), context)
                                    : expansion_.invalid(qualified(base()), reference.region);
  }
  return {*slot.value, 1};
}

// ---- Names. ----

namespace {

/// The steps that, with the root, name something that a module has one of, or would have: whoever names it means the
/// same. Zero where each place means something else.
std::size_t steps_of_undeclared(const hcl::Traversal& reference, const eval::Scope::Resolved& resolved) {
  static constexpr std::array<std::string_view, 5> kOfPlaces{"each", "count", "self", "path", "terraform"};
  if (std::find(kOfPlaces.begin(), kOfPlaces.end(), reference.root) != kOfPlaces.end()) {
    return 0;
  }
  const bool value = reference.root == "var" || reference.root == "local";
  const std::size_t steps = value ? 1 : std::min(resolved.consumed, reference.steps.size());
  const auto named = reference.steps.first(std::min(steps, reference.steps.size()));
  const bool plain = std::all_of(named.begin(), named.end(),
                                 [](const hcl::Step& step) { return step.kind == hcl::StepKind::kAttribute; });
  return plain ? named.size() : 0;
}

}  // namespace

eval::Scope::Resolved ModuleInstance::resolve_path(const hcl::Traversal& reference, eval::Context& context) const {
  const std::string_view name = attribute_step(reference, 0);
  if (name == "module") {
    return {eval::make_string(context.arena, relative_path(expansion_.directory(), module_.directory)), 1};
  }
  if (name == "root") {
    return {eval::make_string(context.arena, "."), 1};
  }
  if (name == "cwd") {
    if (const auto directory = expansion_.library().files().canonical(expansion_.directory())) {
      return {eval::make_string(context.arena, *directory), 1};
    }
    const Symbol* symbol = context.symbols.intern({Reason::kFile, "path.cwd", {}, {}, {}});
    return {eval::make_unknown(context.arena, eval::kStringType, symbol), 1};
  }
  return {eval::make_error(context.arena, "path has only module, root and cwd", reference.region), 1};
}

eval::Scope::Resolved ModuleInstance::resolve_terraform(const hcl::Traversal& reference, eval::Context& context) const {
  const std::string_view name = attribute_step(reference, 0);
  if (name == "workspace" || name == "env") {
    return {expansion_.workspace(reference.region), 1};
  }
  if (name == "applying") {
    const Symbol* symbol = context.symbols.intern({Reason::kFunction, "terraform.applying", {}, {}, {}});
    return {eval::make_unknown(context.arena, eval::kBoolType, symbol), 1};
  }
  return {eval::make_error(context.arena, "terraform has only workspace and applying", reference.region), 1};
}

eval::Scope::Resolved ModuleInstance::resolve(const hcl::Traversal& reference, eval::Context& context) const {
  // What may fail in another declaration fails there: try() around a reference does not catch it. Without this the
  // answer would also depend on whether the declaration was evaluated before.
  const bool uncertain = context.uncertain;
  const bool around_errors = std::exchange(context.around_errors, false);
  const bool met_mended = expansion_.meet_mended(false);
  const Resolved resolved = resolve_name(reference, context);
  context.uncertain = uncertain;
  context.around_errors = around_errors;
  const Value* before = expansion_.before_mending(resolved.value);
  expansion_.meet_mended(met_mended || before != nullptr);
  if (before != nullptr && !around_errors) {
    return {*before, resolved.consumed};
  }
  if (around_errors && resolved.value.is_error()) {
    if (const std::size_t steps = steps_of_undeclared(reference, resolved); steps != 0) {
      std::string name(reference.root);
      for (const hcl::Step& step : reference.steps.first(steps)) {
        name += "." + std::string(step.name);
      }
      return {expansion_.invalid(qualified(name), reference.region), steps};
    }
  }
  return resolved;
}

eval::Scope::Resolved ModuleInstance::resolve_name(const hcl::Traversal& reference, eval::Context& context) const {
  const std::string_view root = reference.root;
  const std::string_view first = attribute_step(reference, 0);
  const auto missing = [&](const std::string& what) {
    return Resolved{eval::make_error(context.arena, what, reference.region), reference.steps.size()};
  };
  if (first.empty()) {
    return missing("the name " + quoted(root) + " alone means nothing here");
  }
  if (root == "var") {
    const auto index = module_.variable(first);
    return index ? Resolved{variable(*index, context), 1}
                 : missing("variable " + quoted(first) + " is not declared in this module");
  }
  if (root == "local") {
    const auto index = module_.local(first);
    return index ? Resolved{local(*index, context), 1}
                 : missing("local " + quoted(first) + " is not declared in this module");
  }
  if (root == "module") {
    return resolve_call(reference, context);
  }
  if (root == "data" || root == "resource" || root == "ephemeral") {
    const std::string_view second = attribute_step(reference, 1);
    if (second.empty()) {
      return missing("a reference to " + std::string(root) + " needs a type and a name");
    }
    if (root == "ephemeral") {
      const auto index = module_.ephemeral(first, second);
      if (!index) {
        return missing("ephemeral resource " + std::string(first) + "." + std::string(second) +
                       " is not declared in this module");
      }
      const ResourceSlot& slot = resource(*index, context);
      return {slot.state == State::kRunning ? cycle(resource_address(module_.resources[*index]), reference.region)
                                            : resource_value(*index, context),
              2};
    }
    return resolve_resource(reference, 2, root == "data" ? model::Mode::kData : model::Mode::kManaged, first, second,
                            context);
  }
  if (root == "path") {
    return resolve_path(reference, context);
  }
  if (root == "terraform") {
    return resolve_terraform(reference, context);
  }
  if (root == "each" || root == "count") {
    return missing(std::string(root) + "." + std::string(first) + " is used where there is no " +
                   (root == "each" ? "for_each" : "count"));
  }
  if (root == "self") {
    return missing("self is possible in provisioner and connection blocks only");
  }
  return resolve_resource(reference, 1, model::Mode::kManaged, root, first, context);
}

}  // namespace gabion::terraform
