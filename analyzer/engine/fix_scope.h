// What expressions of a fix see beyond those of the rule: the statement that is changed, holes that a person has to
// fill, and references to the judged resource and to what the fix adds. Used by make_fix alone.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fix_tree.h"
#include "engine/layout.h"
#include "eval/evaluator.h"
#include "model/model.h"

namespace gabion::engine {

/// How expressions beside the judged resource name what a fix adds: "aws_kms_key" is "aws_kms_key.logs[count.index]",
/// "variable" is "var.password".
using AddedNames = std::map<std::string_view, std::string>;

/// Data sources such as aws_caller_identity that expressions beside the judged resource may refer to: one that the
/// module reads already with the provider and in the Region of the resource and without other arguments, or one that
/// the fix has to add.
class ReferredData {
 public:
  ReferredData(FixSyntax& syntax, const source::ArtifactStore& artifacts, const model::Resource& resource,
               const model::Module& module);
  /// Those that expressions of another module refer to; texts of the `provider` and `region` arguments that they need.
  ReferredData(FixSyntax& syntax, const model::Module& module, std::string_view provider, std::string_view region)
      : syntax_(syntax), module_(module), provider_(provider), region_(region) {}

  /// The reference to a data source of the type: "data.aws_caller_identity.current".
  [[nodiscard]] const std::string& reference(std::string_view type);
  /// Names of those to add, by type.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& added() const { return added_; }
  /// The arguments that one of the type needs.
  [[nodiscard]] std::vector<NewAttribute> arguments(std::string_view type) const;

 private:
  FixSyntax& syntax_;
  const model::Module& module_;
  std::string_view provider_;  ///< empty for the default configuration
  std::string_view region_;    ///< empty for that of the provider
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

/// The argument with which a resource of AWS says that it is in another Region than its provider's; null for none.
[[nodiscard]] const syntax::hcl::Attribute* own_region(const model::Resource& resource);

/// Does the expression say something else for each instance of the block that it stands in?
[[nodiscard]] bool names_instance(const syntax::hcl::Expression& expression);

}  // namespace gabion::engine
