#include "engine/fix_scope.h"

#include <algorithm>

#include "aws/provider_schema.h"
#include "engine/fix_value.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {

std::string_view instance_suffix(const model::Resource& resource) {
  if (resource.syntax == nullptr) {
    return {};
  }
  return resource.syntax->body->attribute("count") != nullptr      ? "[count.index]"
         : resource.syntax->body->attribute("for_each") != nullptr ? "[each.key]"
                                                                   : "";
}

const syntax::hcl::Attribute* own_region(const model::Resource& resource) {
  const syntax::hcl::Attribute* given = resource.syntax == nullptr || !aws::takes_region(resource.type)
                                            ? nullptr
                                            : resource.syntax->body->attribute("region");
  return given == nullptr || given->expression->kind == syntax::hcl::ExpressionKind::kNull ? nullptr : given;
}

bool names_instance(const syntax::hcl::Expression& expression) {
  if (expression.kind == syntax::hcl::ExpressionKind::kTraversal) {
    const std::string_view root = syntax::hcl::as<syntax::hcl::Traversal>(expression).root;
    return root == "each" || root == "count";
  }
  bool found = false;
  syntax::hcl::for_each_child(expression,
                              [&](const syntax::hcl::Expression& inner) { found = found || names_instance(inner); });
  return found;
}

ReferredData::ReferredData(FixSyntax& syntax, const source::ArtifactStore& artifacts, const model::Resource& resource,
                           const model::Module& module)
    : syntax_(syntax), module_(module) {
  const syntax::hcl::Attribute* provider =
      resource.syntax == nullptr ? nullptr : resource.syntax->body->attribute("provider");
  provider_ = provider == nullptr ? std::string_view() : artifacts.text(provider->expression->region);
  const syntax::hcl::Attribute* region = own_region(resource);
  region_ = region == nullptr ? std::string_view() : artifacts.text(region->expression->region);
}

std::vector<NewAttribute> ReferredData::arguments(std::string_view type) const {
  std::vector<NewAttribute> result;
  if (!provider_.empty()) {
    result.push_back({"provider", std::string(provider_)});
  }
  if (!region_.empty() && aws::takes_region(type)) {
    result.push_back({"region", std::string(region_)});
  }
  return result;
}

const std::string& ReferredData::reference(std::string_view type) {
  if (const auto known = references_.find(type); known != references_.end()) {
    return known->second;
  }
  std::string name = syntax_.plain_data(module_.directory, type, arguments(type));
  if (name.empty()) {
    name = "current";
    for (int i = 2; syntax_.declares(module_.directory, type, name, "data"); ++i) {
      name = "current_" + std::to_string(i);
    }
    added_.emplace(type, name);
  }
  return references_.emplace(type, "data." + std::string(type) + "." + name).first->second;
}

FixScope::Resolved FixScope::resolve(const syntax::hcl::Traversal& reference, eval::Context& context) const {
  if (reference.root == "statement" && statement_ != nullptr) {
    return {*statement_, 0};
  }
  return outer_.resolve(reference, context);
}

std::optional<std::string> FixScope::code_of(std::string_view referred) const {
  if (constexpr std::string_view kData = "data."; referred.starts_with(kData)) {
    const std::size_t behind = std::min(referred.find('.', kData.size()), referred.size());
    return data_.reference(referred.substr(kData.size(), behind - kData.size())) + std::string(referred.substr(behind));
  }
  const std::size_t dot = std::min(referred.find('.'), referred.size());
  const auto added = added_.find(referred.substr(0, dot));
  return added == added_.end() ? std::nullopt : std::optional(added->second + std::string(referred.substr(dot)));
}

eval::Symbol FixScope::reference_to(std::string_view given, eval::Context& context) const {
  eval::Symbol symbol;
  if (const std::optional<std::string> code = code_of(given)) {
    symbol.reason = eval::Reason::kConfiguration;
    symbol.text = context.arena.copy(std::string(kCodePrefix) + *code);
    return symbol;
  }
  symbol.reason = eval::Reason::kComputed;
  symbol.text = context.arena.copy(std::string(resource_.address) + "." + std::string(given));
  symbol.subject = resource_.address;
  symbol.path = context.arena.copy(given);
  return symbol;
}

std::optional<eval::Value> FixScope::call(const eval::Call& call, eval::Context& context) const {
  if (call.name != "hole" && call.name != "refer" && call.name != "code") {
    return outer_.call(call, context);
  }
  if (call.arguments.size() != 1 || !call.arguments[0].is_string()) {
    return eval::make_error(context.arena, std::string(call.name) + "() takes one text", call.region);
  }
  const std::string_view given = call.arguments[0].text();
  eval::Symbol symbol;
  if (call.name == "refer") {
    symbol = reference_to(given, context);
  } else {
    symbol.reason = eval::Reason::kConfiguration;
    symbol.text = context.arena.copy(std::string(call.name == "hole" ? kHolePrefix : kCodePrefix) + std::string(given));
  }
  symbol.region = call.region;
  return eval::make_unknown(context.arena, eval::kStringType, context.symbols.intern(symbol));
}

}  // namespace gabion::engine
