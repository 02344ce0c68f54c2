// Rule functions over the graph of references: who refers to a resource, and what a value refers to.
#include <array>
#include <vector>

#include "engine/coexistence.h"
#include "engine/functions.h"
#include "engine/reference_index.h"

namespace gabion::engine {
namespace {

using eval::Value;

/// A list of any length, none included, whose elements look like this one.
Value unknown_list(const Value& element, const eval::Symbol* cause, eval::Context& context) {
  eval::Unknown unknown;
  unknown.symbol = cause;
  unknown.not_null = true;
  unknown.element = context.arena.make<Value>(element);
  return eval::make_unknown(context.arena, eval::kDynamicType, unknown);
}

/// What the existence of a resource hangs on whose count or for_each is not known.
const eval::Symbol* existence(const model::Resource& resource, eval::Context& context) {
  return resource.certain ? nullptr
                          : context.symbols.intern({.reason = eval::Reason::kInstance,
                                                    .text = "the number of " + std::string(resource.config_address),
                                                    .subject = {},
                                                    .path = {},
                                                    .region = resource.header});
}

/// The known texts of a text or of a list of them.
std::vector<std::string_view> texts(const Value& value) {
  std::vector<std::string_view> result;
  if (value.is_string()) {
    result.push_back(value.text());
  } else if (value.is_sequence()) {
    for (const Value& element : value.elements()) {
      if (element.is_string()) {
        result.push_back(element.text());
      }
    }
  }
  return result;
}

/// What a function of something that is not known gives: the like of nothing else, and open for the same reason.
const eval::Symbol* outcome(const eval::Call& call, eval::Context& context) {
  const eval::Symbol* cause = eval::first_unknown(call.arguments.front());
  const std::string text = std::string(call.name) + "(" + std::string(cause->text) + ")";
  return context.symbols.fresh({.reason = cause->reason,
                                .text = text,
                                .subject = {},
                                .path = {},
                                .region = cause->region,
                                .cause = cause->cause != nullptr ? cause->cause : cause});
}

/// A function of a value: of one that is one of several, what it says of each of them, as alternatives again. Where the
/// branches of a conditional that is not decided lead to different resources, none of them is the answer.
template <auto Function>
Value of_each(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value& value = call.arguments.front();
  if (!value.is_unknown() || value.unknown().alternatives.empty()) {
    return Function(call, rule, context);
  }
  std::vector<Value> arguments(call.arguments.begin(), call.arguments.end());
  eval::Call one = call;
  one.arguments = arguments;
  std::vector<Value> results;
  for (const Value& alternative : value.unknown().alternatives) {
    arguments.front() = alternative;
    results.push_back(Function(one, rule, context));
    if (results.back().is_error()) {
      return results.back();
    }
  }
  const Value merged = eval::make_alternatives(context.arena, results, outcome(call, context));
  if (!merged.is_unknown() || merged.unknown().alternatives.size() != results.size()) {
    return merged;
  }
  // What picks the branch picks the result with it.
  eval::Unknown picked = merged.unknown();
  picked.choice = value.unknown().choice != nullptr ? value.unknown().choice : value.unknown().symbol;
  return eval::make_unknown(context.arena, *merged.node().type(), picked);
}

/// A function of a resource: which one it is has to be known.
template <auto Function>
Value of_resource(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  constexpr auto kKnown = [](const eval::Call& one, RuleContext& of, eval::Context& in) {
    return one.arguments.front().is_unknown()
               ? eval::make_unknown(in.arena, eval::kDynamicType, eval::first_unknown(one.arguments.front()))
               : Function(one, of, in);
  };
  return of_each<kKnown>(call, rule, context);
}

/// referrers(resource, types, paths): views of resources that refer to it.
Value referrers(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Resource* target = rule.views.resource_of(call.arguments[0]);
  if (target == nullptr) {
    return eval::make_error(context.arena, "referrers() needs a resource, such as self", call.region);
  }
  const std::vector<std::string_view> types = texts(call.arguments[1]);
  const std::vector<std::string_view> paths = texts(call.arguments[2]);
  const Referrers found = rule.views.references().referrers(
      *target, types, paths,
      [&](const model::Resource& candidate) { return exists_with(candidate, target, rule.artifacts); });
  if (found.possible != nullptr) {
    const eval::Symbol* cause = found.cause;
    if (cause == nullptr && found.doubtful != nullptr) {
      cause = existence(*found.doubtful, context);
    }
    if (cause == nullptr) {
      cause = context.symbols.intern({.reason = eval::Reason::kVariable,
                                      .text = "a reference that is not known",
                                      .subject = {},
                                      .path = {},
                                      .region = {}});
    }
    return unknown_list(rule.views.resource(*found.possible), cause, context);
  }
  if (found.absent_module != nullptr) {
    const eval::Symbol* cause =
        context.symbols.intern({.reason = eval::Reason::kModule,
                                .text = "what module." + std::string(found.absent_module->name) + " makes of " +
                                        std::string(target->config_address),
                                .subject = {},
                                .path = {},
                                .region = found.absent_module->header});
    return eval::make_unknown(context.arena, eval::kDynamicType, eval::Unknown{.symbol = cause, .not_null = true});
  }
  std::vector<Value> sure;
  for (const model::Resource* resource : found.sure) {
    sure.push_back(rule.views.resource(*resource));
  }
  return eval::make_tuple(context.arena, sure);
}

/// resolve(value): view of the resource that a value refers to, null when it refers to none of this configuration.
Value resolve(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value& value = call.arguments[0];
  if (value.is_null()) {
    return eval::make_null(context.arena);
  }
  // A text that only begins with the name of a resource is the name of another thing.
  const bool whole = value.detail() == nullptr || value.detail()->parts.empty();
  if (whole && value.is_unknown() && value.unknown().alternatives.empty() && value.unknown().symbol != nullptr &&
      !value.unknown().symbol->subject.empty()) {
    if (const model::Resource* named = rule.configuration.find(value.unknown().symbol->subject)) {
      return rule.views.resource(*named);
    }
  }
  const ResolvedReference found = rule.views.references().resolve(value);
  if (found.resource != nullptr) {
    return rule.views.resource(*found.resource);
  }
  if (found.open) {
    return eval::make_unknown(context.arena, eval::kDynamicType, eval::first_unknown(value));
  }
  return eval::make_null(context.arena);
}

/// The same of each branch. A name that is one of several is that of one resource all the same.
Value resolve_each(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value& value = call.arguments[0];
  if (value.is_unknown() && !value.unknown().alternatives.empty()) {
    if (const model::Resource* named = rule.views.references().named_by(value)) {
      return rule.views.resource(*named);
    }
  }
  return of_each<resolve>(call, rule, context);
}

/// resources(type): views of all instances of a type in this configuration.
Value resources(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  if (!call.arguments[0].is_string()) {
    return eval::make_error(context.arena, "resources() needs a resource type", call.region);
  }
  const Views::Instances& found = rule.views.instances(call.arguments[0].text());
  if (found.uncertain.size() < found.count) {
    return found.all;
  }
  const model::Resource* doubtful = nullptr;
  rule.asked_subject = rule.asked_subject || !found.uncertain.empty();
  for (const model::Resource* resource : found.uncertain) {
    if (exists_with(*resource, rule.subject, rule.artifacts)) {
      return found.all;
    }
    doubtful = resource;
  }
  return doubtful == nullptr ? found.all
                             : unknown_list(found.all.elements().front(), existence(*doubtful, context), context);
}

/// address(resource): its instance address.
Value address(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
  return resource == nullptr ? eval::make_null(context.arena, eval::kStringType)
                             : eval::make_string_view(context.arena, resource->address);
}

/// type_name(resource): its resource type.
Value type_name(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
  return resource == nullptr ? eval::make_null(context.arena, eval::kStringType)
                             : eval::make_string_view(context.arena, resource->type);
}

/// is_data(resource): whether it is only looked up here.
Value is_data(const eval::Call& call, RuleContext& rule, eval::Context& /*context*/) {
  const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
  return eval::make_bool(resource != nullptr && resource->mode == model::Mode::kData);
}

/// attributes(block): its written attributes as an object of its own, which can be iterated.
Value attributes(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Body* body = rule.views.body_of(call.arguments[0]);
  if (body == nullptr) {
    return eval::make_error(context.arena, "attributes() needs a resource or a block, such as self", call.region);
  }
  std::vector<eval::Member> members;
  for (const model::Attribute& attribute : body->attributes) {
    if (const Value* seen = call.arguments[0].member(attribute.name())) {
      members.push_back({attribute.name(), *seen, attribute.name_region()});
    }
  }
  return eval::make_object(context.arena, members);
}

/// label(block): what its header names: "aws" of a provider, "s3" of a backend, a module's or variable's name.
Value label(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::ConfigurationBlock* block = rule.views.configuration_block_of(call.arguments[0]);
  return block == nullptr || block->name.empty() ? eval::make_null(context.arena, eval::kStringType)
                                                 : eval::make_string_view(context.arena, block->name);
}

/// blocks(kind): views of all blocks of a kind, in all modules.
Value blocks(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  if (!call.arguments[0].is_string()) {
    return eval::make_error(context.arena, "blocks() needs a kind such as \"provider\"", call.region);
  }
  return rule.views.blocks(call.arguments[0].text());
}

/// in_root_module(block): whether Terraform reads the block as one of the root module.
Value in_root_module(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::ConfigurationBlock* block = rule.views.configuration_block_of(call.arguments[0]);
  if (block == nullptr) {
    return eval::make_error(context.arena, "in_root_module() needs a block of a module, such as self", call.region);
  }
  const auto& root = rule.configuration.modules().front().blocks;
  return eval::make_bool(std::any_of(root.begin(), root.end(), [&](const auto& own) { return &own == block; }));
}

/// The block of the provider configuration that a resource is made with, or null.
const model::ConfigurationBlock* provider_block(const model::Resource& resource, Views& views) {
  return views.provider(std::string(resource.aws != nullptr ? resource.aws->name : resource.provider));
}

/// provider_of(resource): view of the provider block that it is made with.
Value provider_of(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
  if (resource == nullptr) {
    return eval::make_error(context.arena, "provider_of() needs a resource, such as self", call.region);
  }
  const model::ConfigurationBlock* block = provider_block(*resource, rule.views);
  return block == nullptr ? eval::make_null(context.arena) : rule.views.block(*block);
}

/// The account that a resource is in, where it is written; otherwise no text.
Value account_of(const model::Resource& resource) {
  const model::Attribute* own = resource.body->attribute("account_id");
  if (own != nullptr && !own->value.is_null()) {
    return own->value;
  }
  return resource.aws != nullptr ? resource.aws->account : Value{};
}

/// Whether two providers surely work with different credentials.
bool differ_in_credentials(const model::ConfigurationBlock* a, const model::ConfigurationBlock* b) {
  const auto written = [](const model::ConfigurationBlock* block, std::string_view name) {
    const model::Attribute* attribute = block == nullptr ? nullptr : block->body.attribute(name);
    return attribute == nullptr ? Value{} : attribute->value;
  };
  const auto count = [](const model::ConfigurationBlock* block, std::string_view type) {
    return block == nullptr ? 0 : std::ranges::count(block->body.blocks, type, &model::Block::type);
  };
  const auto differ = [&](std::string_view name) {
    return eval::equals(written(a, name), written(b, name)) == eval::Truth::kNo;
  };
  return differ("profile") || differ("access_key") || count(a, "assume_role") != count(b, "assume_role") ||
         count(a, "assume_role_with_web_identity") != count(b, "assume_role_with_web_identity");
}

/// in_other_account(resource, other): never unknown.
Value in_other_account(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(context);
  const model::Resource* first = rule.views.resource_of(call.arguments[0]);
  const model::Resource* second = rule.views.resource_of(call.arguments[1]);
  if (first == nullptr || second == nullptr) {
    return eval::make_bool(false);
  }
  const Value accounts[] = {account_of(*first), account_of(*second)};
  if (accounts[0].is_string() && accounts[1].is_string()) {
    return eval::make_bool(accounts[0].text() != accounts[1].text());
  }
  return eval::make_bool(
      differ_in_credentials(provider_block(*first, rule.views), provider_block(*second, rule.views)));
}

/// is_known(value): whether the value itself is known; never unknown.
Value is_known(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(rule);
  static_cast<void>(context);
  return eval::make_bool(call.arguments[0].is_known());
}

/// Whether an unknown in a text, or in one of the texts that it may be, belongs to a resource of the type.
bool belongs_to(const Value& value, std::string_view type, const model::Configuration& configuration) {
  const eval::StringDetail* detail = value.detail();
  if (detail != nullptr && !detail->parts.empty()) {
    return std::ranges::any_of(detail->parts, [&](const eval::Part& part) {
      return part.value != nullptr && belongs_to(*part.value, type, configuration);
    });
  }
  if (!value.is_unknown()) {
    return false;
  }
  const eval::Unknown& unknown = value.unknown();
  if (std::ranges::any_of(unknown.alternatives,
                          [&](const Value& one) { return belongs_to(one, type, configuration); })) {
    return true;
  }
  const eval::Symbol* symbol = unknown.symbol;
  symbol = symbol != nullptr && symbol->cause != nullptr ? symbol->cause : symbol;
  const model::Resource* resource = symbol == nullptr ? nullptr : configuration.find(symbol->subject);
  return resource != nullptr && resource->type == type;
}

/// belongs_to(text, type): never unknown.
Value belongs_to(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  if (!call.arguments[1].is_string()) {
    return eval::make_error(context.arena, "belongs_to() needs a resource type", call.region);
  }
  return eval::make_bool(belongs_to(call.arguments[0], call.arguments[1].text(), rule.configuration));
}

constexpr std::array<RuleFunction, 14> kFunctions = {{
    {"address", "address(resource)", "Instance address of a resource, or null for anything else.", 1, 1,
     of_resource<address>, HangsOn::kConfiguration},
    {"attributes", "attributes(block)",
     "The attributes that are written in a resource or block, by name, to iterate over.", 1, 1, attributes,
     HangsOn::kArguments},
    {"belongs_to", "belongs_to(text, type)",
     "True when something that is not known of a text belongs to a resource or data source of the type, as the issuer "
     "of "
     "an aws_eks_cluster does in the ARN of its provider. Never unknown.",
     2, 2, belongs_to, HangsOn::kConfiguration},
    {"blocks", "blocks(kind)",
     "All blocks of a kind (provider, backend, terraform, module, variable, output) in this configuration.", 1, 1,
     blocks, HangsOn::kConfiguration},
    {"in_other_account", "in_other_account(resource, other)",
     "True when two resources are not in one AWS account, as their account_id, or the role, the allowed account or the "
     "credentials of their providers say; false where nothing tells, and for anything else. Never unknown.",
     2, 2, in_other_account, HangsOn::kConfiguration},
    {"in_root_module", "in_root_module(block)",
     "Is the block one of the root module? Backends of modules that are called, for example, mean nothing.", 1, 1,
     in_root_module, HangsOn::kConfiguration},
    {"is_data", "is_data(resource)",
     "Is it a data source? What another configuration makes, and what belongs to it, is only looked up here. False for "
     "anything else.",
     1, 1, of_resource<is_data>, HangsOn::kConfiguration},
    {"is_known", "is_known(value)",
     "True when the value is known, false when it waits for a variable or the provider. Never unknown itself.", 1, 1,
     is_known, HangsOn::kArguments},
    {"label", "label(block)",
     "What the header of a block names: the provider, the kind of backend, the module, variable or output. Null for "
     "anything else.",
     1, 1, label, HangsOn::kArguments},
    {"provider_of", "provider_of(resource)",
     "The provider block that a resource is made with, through modules and aliases; null when none is written.", 1, 1,
     of_resource<provider_of>, HangsOn::kConfiguration},
    {"referrers", "referrers(resource, types, paths)",
     "Resources of the given type (or types) one of whose attributes at the given dotted path (or paths) refers to the "
     "resource: by reference, through variables and modules, or by the same name. Unknown when none surely does but "
     "one may, also because it may not exist, or when a module that is not here is given the resource and may have "
     "such "
     "parts of it (the policy of a bucket, say).",
     3, 3, of_resource<referrers>, HangsOn::kConfiguration},
    {"resolve", "resolve(value)",
     "The resource of this configuration that a value such as kms_key_id refers to; null when it refers to none of "
     "them, unknown when that cannot be told. Of a conditional that is not decided, what each branch refers to.",
     1, 1, resolve_each, HangsOn::kConfiguration},
    {"resources", "resources(type)",
     "All instances of a resource type in this configuration. Unknown when there may be some and none is sure to "
     "exist.",
     1, 1, resources, HangsOn::kConfiguration},
    {"type_name", "type_name(resource)", "Resource type of a resource, or null for anything else.", 1, 1,
     of_resource<type_name>, HangsOn::kConfiguration},
}};

}  // namespace

std::span<const RuleFunction> reference_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
