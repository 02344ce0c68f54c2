#include "terraform/policy_lookup.h"

#include <optional>
#include <string>
#include <vector>

#include "aws/managed_policies.h"
#include "aws/partition.h"
#include "eval/function.h"
#include "terraform/resource_facts.h"

namespace gabion::terraform {
namespace {

using eval::Value;

const Value* argument(const model::Body& body, std::string_view name) {
  const model::Attribute* attribute = body.attribute(name);
  return attribute == nullptr || attribute->value.is_null() ? nullptr : &attribute->value;
}

/// The policy of AWS that the arguments name. Its facts are those of the standard partition.
std::optional<aws::ManagedPolicy> of_aws(const model::Body& body, const model::ProviderFacts& facts) {
  const std::string root = "arn:" + std::string(aws::standard_partition().name) + ":iam::aws:policy/";
  if (const Value* arn = argument(body, "arn")) {
    return arn->is_string() && arn->text().starts_with(root) ? aws::find_managed_policy(arn->text()) : std::nullopt;
  }
  const Value* name = argument(body, "name");
  if (name == nullptr || !name->is_string() || !facts.partition.is_string() ||
      facts.partition.text() != aws::standard_partition().name) {
    return std::nullopt;
  }
  auto found = aws::find_managed_policy(aws::managed_policy_named(name->text()));
  const Value* prefix = argument(body, "path_prefix");
  const bool fits = prefix == nullptr ||
                    (prefix->is_string() && found && ("/" + std::string(found->path())).starts_with(prefix->text()));
  return fits ? found : std::nullopt;
}

/// The aws_iam_policy of this configuration whose ARN is given.
const ResourceFacts* of_configuration(const model::Body& body) {
  const Value* arn = argument(body, "arn");
  if (arn == nullptr || !arn->is_unknown()) {
    return nullptr;
  }
  const eval::Symbol& symbol = *arn->unknown().symbol;
  if (symbol.facts == nullptr || symbol.any_element || symbol.reason != eval::Reason::kComputed ||
      (symbol.path != "arn" && symbol.path != "id")) {
    return nullptr;
  }
  const ResourceFacts& facts = facts_of(symbol);
  return facts.type() == "aws_iam_policy" && facts.body.syntax != nullptr ? &facts : nullptr;
}

/// What a policy document says, or nothing when it is not known or no JSON.
std::optional<Value> decoded(const Value& document, eval::Context& context) {
  if (document.detail() != nullptr && document.detail()->encoded != nullptr) {
    return *document.detail()->encoded;
  }
  const bool readable = document.is_string() || (document.is_unknown() && document.detail() != nullptr);
  const eval::Builtin* jsondecode = eval::find_builtin("jsondecode");
  if (!readable || jsondecode == nullptr) {
    return std::nullopt;
  }
  const source::Region place = document.origin() == nullptr ? source::Region() : document.origin()->region;
  const eval::Call call{.name = "jsondecode", .arguments = std::span(&document, 1), .region = place, .syntax = nullptr};
  const Value value = jsondecode->call(call, context);
  return value.is_error() || value.is_unknown() ? std::nullopt : std::optional(value);
}

}  // namespace

std::span<const eval::Member> found_policy(const model::Body& body, const model::ProviderFacts& facts,
                                           const eval::Symbol& owner, eval::Context& context) {
  std::vector<eval::Member> computed;
  const auto add = [&](std::string_view name, const Value& value) { computed.push_back({name, value}); };
  std::optional<Value> document;
  if (const auto policy = of_aws(body, facts)) {
    const std::string path(policy->path());
    add("name", eval::make_string(context.arena, policy->name()));
    add("path", eval::make_string(context.arena, "/" + path.substr(0, path.size() - policy->name().size())));
    const Value arn = eval::make_string(
        context.arena, "arn:" + std::string(aws::standard_partition().name) + ":iam::aws:policy/" + path);
    add("arn", arn);
    add("id", arn);
    document = decoded(eval::make_string(context.arena, policy->document()), context);
  } else if (const ResourceFacts* resource = of_configuration(body)) {
    add("id", *argument(body, "arn"));
    for (const std::string_view name : {"name", "path", "description"}) {
      if (const Value* given = argument(resource->body, name)) {
        add(name, *given);
      }
    }
    if (const Value* written = argument(resource->body, "policy")) {
      document = decoded(*written, context);
    }
  }
  if (document) {
    const std::string_view path = "policy";
    eval::Unknown unknown;
    unknown.symbol = context.symbols.intern({.reason = eval::Reason::kData,
                                             .text = std::string(owner.text) + ".policy",
                                             .subject = owner.subject,
                                             .path = path,
                                             .region = owner.region,
                                             .facts = owner.facts});
    unknown.not_null = true;
    const auto* detail = context.arena.make<eval::StringDetail>(
        eval::StringDetail{.parts = {}, .encoded = context.arena.make<Value>(*document)});
    add(path, eval::make_unknown(context.arena, eval::kStringType, unknown, detail));
  }
  return context.arena.copy(computed);
}

}  // namespace gabion::terraform
