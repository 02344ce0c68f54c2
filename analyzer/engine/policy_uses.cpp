#include "engine/policy_uses.h"

#include <algorithm>
#include <array>

#include "engine/reference_index.h"
#include "engine/view.h"

namespace gabion::engine {
namespace {

using eval::Value;

/// Attributes in which a policy is only spoken of: documents give nobody what they name.
constexpr std::array<std::string_view, 3> kHarmless = {"policy", "assume_role_policy", "inline_policy"};
constexpr std::string_view kBoundaryOfSet = "aws_ssoadmin_permissions_boundary_attachment";

bool is_harmless(std::string_view attribute) {
  return std::ranges::find(kHarmless, attribute) != kHarmless.end();
}

/// Does the name of an attribute, an argument or an output say that what it holds is a boundary?
bool is_boundary(std::string_view name) {
  return name.find("boundary") != std::string_view::npos;
}

}  // namespace

void PolicyUses::Uses::add(const eval::Symbol* symbol) {
  for (; symbol != nullptr; symbol = symbol->cause) {
    if (!symbol->subject.empty()) {
      blocks.insert(without_keys(symbol->subject));
    }
  }
}

void PolicyUses::Uses::add_arn(std::string_view arn) {
  constexpr std::string_view kPolicy = ":policy/";
  if (const std::size_t at = arn.find(kPolicy); at != std::string_view::npos) {
    paths.emplace(arn.substr(at + kPolicy.size()));
  }
}

void PolicyUses::Uses::add(const Value& value, int depth) {
  if (depth > eval::kMaxValueDepth) {
    return;
  }
  add_arn(value.text());
  add(value.rest());
  for (const Value& element : value.held()) {
    add(element, depth + 1);
  }
  for (const eval::Member& member : value.held_members()) {
    add(member.value, depth + 1);
  }
  // What only stands within a text, such as a condition that a script writes, may be attached as well.
  if (const eval::StringDetail* detail = value.detail(); detail != nullptr) {
    for (const eval::Part& part : detail->parts) {
      add_arn(part.text);
      if (part.value != nullptr) {
        add(*part.value, depth + 1);
      }
    }
    if (detail->encoded != nullptr) {
      add(*detail->encoded, depth + 1);
    }
  }
  if (!value.is_unknown()) {
    return;
  }
  const eval::Unknown& unknown = value.unknown();
  add(unknown.symbol);
  add(unknown.choice);
  for (const Value& alternative : unknown.alternatives) {
    add(alternative, depth + 1);
  }
  for (const eval::Entry& entry : unknown.entries) {
    add(entry.key, depth + 1);
    add(entry.value, depth + 1);
  }
  for (const Value* part : {unknown.element, unknown.element_key}) {
    if (part != nullptr) {
      add(*part, depth + 1);
    }
  }
}

void PolicyUses::collect(std::string_view name, const Value& value) {
  (is_boundary(name) ? bounds_ : uses_).add(value, 0);
}

void PolicyUses::collect(const model::Body& body) {
  for (const model::Attribute& attribute : body.attributes) {
    if (!is_harmless(attribute.name())) {
      collect(attribute.name(), attribute.value);
    }
  }
  for (const model::Block& block : body.blocks) {
    if (!is_harmless(block.type) && !is_boundary(block.type) && block.body != nullptr) {
      collect(*block.body);
    }
  }
}

void PolicyUses::collect(const model::Resource& resource) {
  if (resource.type == kBoundaryOfSet ||
      (resource.mode == model::Mode::kData && resource.type == "aws_iam_policy_document")) {
    return;
  }
  if (resource.type == "aws_iam_policy") {
    return;  // its own name is no use of it
  }
  collect(*resource.body);
}

void PolicyUses::collect() {
  collected_ = true;
  for (const model::Resource& resource : configuration_.resources()) {
    collect(resource);
  }
  // Modules that are here show by their resources what they do with their arguments.
  for (const model::ConfigurationBlock* const call : absent_calls(configuration_)) {
    collect(call->body);
  }
  for (const model::Module& module : configuration_.modules()) {
    for (const model::ConfigurationBlock& block : module.blocks) {
      if (block.kind == "provider") {
        collect(block.body);
      }
    }
  }
  for (const auto& [name, value] : configuration_.modules().front().outputs) {
    collect(name, value);
  }
}

bool PolicyUses::may_go_out_as_boundary() {
  if (!may_go_out_as_boundary_) {
    const auto& outputs = configuration_.modules().front().outputs;
    may_go_out_as_boundary_ =
        std::ranges::any_of(outputs, [](const auto& output) { return is_boundary(output.first); }) ||
        std::ranges::any_of(absent_calls(configuration_), [](const model::ConfigurationBlock* call) {
          return std::ranges::any_of(call->body.attributes, is_boundary, &model::Attribute::name);
        });
  }
  return *may_go_out_as_boundary_;
}

bool PolicyUses::only_bounds(const model::Resource& policy, ReferenceIndex& references) {
  if (policy.type != "aws_iam_policy" || policy.mode != model::Mode::kManaged) {
    return false;
  }
  constexpr std::array<std::string_view, 2> kBounded = {"aws_iam_role", "aws_iam_user"};
  constexpr std::array<std::string_view, 1> kAttribute = {"permissions_boundary"};
  constexpr std::array<std::string_view, 1> kBoundedSet = {kBoundaryOfSet};
  constexpr std::array<std::string_view, 1> kNameForSet = {
      "permissions_boundary.customer_managed_policy_reference.name"};
  constexpr auto kAny = [](const model::Resource&) { return true; };
  const bool bounds_here = !references.referrers(policy, kBounded, kAttribute, kAny).sure.empty() ||
                           !references.referrers(policy, kBoundedSet, kNameForSet, kAny).sure.empty();
  if (!bounds_here && !may_go_out_as_boundary()) {
    return false;
  }
  // Sets of permissions take policies by name.
  constexpr std::array<std::string_view, 1> kSet = {"aws_ssoadmin_customer_managed_policy_attachment"};
  constexpr std::array<std::string_view, 1> kName = {"customer_managed_policy_reference.name"};
  const Referrers sets = references.referrers(policy, kSet, kName);
  if (!sets.sure.empty() || sets.possible != nullptr) {
    return false;
  }
  if (!collected_) {
    collect();
  }
  if (uses_.blocks.contains(policy.config_address) ||
      !(bounds_here || bounds_.blocks.contains(policy.config_address))) {
    return false;
  }
  const model::Attribute* name = policy.body->attribute("name");
  return name == nullptr || !name->value.is_string() || std::ranges::none_of(uses_.paths, [&](std::string_view path) {
           return path == name->value.text() || path.ends_with("/" + std::string(name->value.text()));
         });
}

}  // namespace gabion::engine
