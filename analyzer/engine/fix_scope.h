// What expressions of a fix see beyond those of the rule: the statement that is changed, holes that a person has to
// fill, and references to the judged resource and to what the fix adds. Used by make_fix alone.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/fix_tree.h"
#include "eval/evaluator.h"
#include "model/model.h"

namespace gabion::engine {

/// How expressions beside the judged resource name what a fix adds: "aws_kms_key" is "aws_kms_key.logs[count.index]",
/// "variable" is "var.password".
using AddedNames = std::map<std::string_view, std::string>;

/// Data sources without arguments, such as aws_caller_identity, that expressions beside the judged resource may refer
/// to: one that the module reads already with the provider of the resource, or one that the fix has to add.
class ReferredData {
 public:
  ReferredData(FixSyntax& syntax, const source::ArtifactStore& artifacts, const model::Resource& resource,
               const model::Module& module);
  /// Those that expressions of another module refer to; `provider`: text of the `provider` argument that they need.
  ReferredData(FixSyntax& syntax, const model::Module& module, std::string_view provider)
      : syntax_(syntax), module_(module), provider_(provider) {}

  /// The reference to a data source of the type: "data.aws_caller_identity.current".
  [[nodiscard]] const std::string& reference(std::string_view type);
  /// Names of those to add, by type.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& added() const { return added_; }
  /// Text of the `provider` argument that they need; empty for the default configuration.
  [[nodiscard]] std::string_view provider() const { return provider_; }

 private:
  FixSyntax& syntax_;
  const model::Module& module_;
  std::string_view provider_;
  std::map<std::string, std::string, std::less<>> references_;
  std::map<std::string, std::string, std::less<>> added_;
};

/// `statement`; hole("what a person has to fill in"); refer("arn"), an attribute of the judged resource, or
/// refer("aws_kms_key.arn"), one of a resource that the fix adds, or refer("data.aws_region.name"), one of a data
/// source; code("string"), an expression as it stands.
class FixScope final : public eval::Scope {
 public:
  FixScope(const eval::Scope& outer, const model::Resource& resource, const AddedNames& added, ReferredData& data,
           const eval::Value* statement = nullptr)
      : outer_(outer), resource_(resource), added_(added), data_(data), statement_(statement) {}

  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, eval::Context& context) const override;
  [[nodiscard]] std::optional<eval::Value> call(const eval::Call& call, eval::Context& context) const override;
  /// The expression that refer() gives; nothing for an attribute of the judged resource.
  [[nodiscard]] std::optional<std::string> code_of(std::string_view referred) const;

 private:
  [[nodiscard]] eval::Symbol reference_to(std::string_view given, eval::Context& context) const;

  const eval::Scope& outer_;
  const model::Resource& resource_;
  const AddedNames& added_;
  ReferredData& data_;
  const eval::Value* statement_;
};

/// How an expression of the judged resource, or of one that is repeated as it is, names the same instance of something
/// beside it: "[count.index]", "[each.key]" or nothing.
[[nodiscard]] std::string_view instance_suffix(const model::Resource& resource);

}  // namespace gabion::engine
