// How rules see the model: each resource as one object whose missing attributes are null and whose nested blocks are
// lists of objects. Values of a view know the place of their attribute, so that findings can point at it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/policy_readings.h"
#include "engine/view_store.h"
#include "eval/evaluator.h"
#include "iam/document.h"
#include "model/model.h"
#include "secrets/detector.h"
#include "source/hash.h"

namespace gabion::engine {

class Permissions;
class PolicyMemo;
class PolicyQuestion;
class ReferenceIndex;

/// Makes views of one configuration on demand and remembers them.
class Views {
 public:
  Views(const model::Configuration& configuration, eval::Context& context);
  ~Views();
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  [[nodiscard]] eval::Value resource(const model::Resource& resource);
  /// The same for one that is judged: its view, and all that is remembered of it, goes with end_subject() if nobody
  /// else asked for it before. Most resources are looked at once, so that a large configuration needs no views of all.
  [[nodiscard]] eval::Value subject(const model::Resource& resource);
  void end_subject();
  [[nodiscard]] eval::Value block(const model::ConfigurationBlock& block);
  /// The resource that a view (or a value taken out of it whole) is of, or null.
  [[nodiscard]] const model::Resource* resource_of(const eval::Value& view) const;
  /// The evaluated body behind a view of a resource or a nested block, or null.
  [[nodiscard]] const model::Body* body_of(const eval::Value& view) const;
  /// What the principals of the configuration, which was read from the artifacts, may do; worked out when it is first
  /// asked for.
  [[nodiscard]] const Permissions& permissions(const source::ArtifactStore& artifacts);
  /// Who refers to whom; built as far as it is asked for.
  [[nodiscard]] ReferenceIndex& references();
  /// A file, as an object with path, name, kind, and what git makes of it.
  [[nodiscard]] eval::Value file(const model::SourceFile& file);
  /// The file that a view is of, or null.
  [[nodiscard]] const model::SourceFile* file_of(const eval::Value& view) const;
  /// Tells secrets from other texts; made when it is first asked for.
  [[nodiscard]] const secrets::Detector& detector();
  /// What was asked about policies before; of this configuration alone, if no memo is shared.
  [[nodiscard]] PolicyMemo& policies();
  /// What a policy function makes of an attribute as a view has it: `make` is called when it is asked for the first
  /// time, in a context whose values last. Values that a rule has made itself are not remembered.
  template <class Make>
  [[nodiscard]] eval::Value statements_of(const eval::Value& policy, eval::Context& context, const Make& make) {
    ViewStore::Attribute* const attribute = viewed(policy);
    if (attribute == nullptr) {
      return make(context);
    }
    if (!attribute->statements) {
      attribute->statements = make(*attribute->context);
    }
    return *attribute->statements;
  }
  /// How its policies are read, see policy_reading(): with all that is asked about them, so that what a symbol stands
  /// for is worked out once.
  [[nodiscard]] const iam::ReadOptions& policy_options();
  /// A policy as it reads; remembered for attributes as views have them, and for as long as the configuration lasts
  /// where it was put together. The options must always be the same.
  using Reading = ViewStore::Reading;
  [[nodiscard]] Reading reading_of(const eval::Value& policy, const iam::ReadOptions& options);
  /// The same, as it is written: nothing of what the configuration knows of unknowns.
  [[nodiscard]] Reading plain_reading_of(const eval::Value& policy);
  /// One of the two that was made already, or null.
  [[nodiscard]] Reading known_reading_of(const eval::Value& policy);
  /// The beginning of a question about a policy; remembered for attributes as views have them, which many questions are
  /// about. The options must always be the same, and outlive the question.
  [[nodiscard]] PolicyQuestion question_about(const eval::Value& policy, const iam::ReadOptions& options);
  /// Shares the answers, and what tells secrets, with other configurations: both must outlive the views. The detector
  /// is made when it is first asked for.
  void share(PolicyMemo& policies, std::unique_ptr<const secrets::Detector>& detector) {
    shared_policies_ = &policies;
    shared_detector_ = &detector;
  }
  /// Views of all blocks of a kind, in all modules.
  [[nodiscard]] const eval::Value& blocks(std::string_view kind);
  /// The instances of a type: views of all, and those of them that may not exist.
  struct Instances {
    eval::Value all;
    std::vector<const model::Resource*> uncertain;
    std::size_t count = 0;
  };
  [[nodiscard]] const Instances& instances(std::string_view type);
  /// The block of some module whose view the value is, or null.
  [[nodiscard]] const model::ConfigurationBlock* configuration_block_of(const eval::Value& view) const;
  /// The provider block that a full name such as "module.a.aws.east" stands for; null when none is written.
  [[nodiscard]] const model::ConfigurationBlock* provider(const std::string& name);
  /// Where attributes of that body are written: the block, or the content block of a dynamic one; null when unknown.
  [[nodiscard]] const syntax::hcl::Block* block_of(const eval::Value& view) const;

 private:
  /// The attribute that a view has as this value, or null for what a rule has made itself.
  [[nodiscard]] ViewStore::Attribute* viewed(const eval::Value& policy);
  const model::Configuration& configuration_;
  eval::Context& context_;
  ViewStore lasting_;
  source::Arena subject_arena_;
  eval::Context subject_context_;
  ViewStore subject_;
  std::unordered_map<const model::ConfigurationBlock*, eval::Value> configuration_blocks_;
  std::unordered_map<std::string_view, eval::Value, source::TextHash> by_kind_;
  std::unordered_map<std::string_view, Instances, source::TextHash> by_type_;
  std::unordered_map<const eval::Node*, const model::ConfigurationBlock*> blocks_by_node_;
  std::optional<std::unordered_map<std::string, const model::ConfigurationBlock*>> providers_;  ///< once asked for
  std::optional<iam::ReadOptions> policy_options_;                                              ///< once asked for
  PolicyReadings readings_;
  std::unique_ptr<Permissions> permissions_;
  std::unique_ptr<ReferenceIndex> references_;
  std::unique_ptr<PolicyMemo> policies_;
  PolicyMemo* shared_policies_ = nullptr;
  std::unordered_map<const model::SourceFile*, eval::Value> files_;
  std::unordered_map<const eval::Node*, const model::SourceFile*> files_by_node_;
  std::unique_ptr<const secrets::Detector> detector_;
  std::unique_ptr<const secrets::Detector>* shared_detector_ = nullptr;
};

/// Whether a value is surely the name that a resource has, though it is not known: one of several, say.
[[nodiscard]] bool is_unknown_name_of(const eval::Value& value, const model::Resource& target);

/// Whether a value is, or may be, a reference to a resource: an unknown that belongs to it, a string made of nothing
/// but that, or a known text equal to one of the resource's own names (id, name, bucket, arn ...).
[[nodiscard]] eval::Truth refers_to(const eval::Value& value, const model::Resource& target);

/// Where attributes of an expanded block are written: the block itself, or the content of the dynamic block.
[[nodiscard]] const syntax::hcl::Block* content_of(const model::Block& block);

/// Address without instance keys: "module.a[0].aws_x.y[\"k\"]" is "module.a.aws_x.y".
[[nodiscard]] std::string without_keys(std::string_view address);
/// Parts of an address between the dots outside of instance keys: module, a[0], aws_x, y["k"], arn.
[[nodiscard]] std::vector<std::string_view> address_parts(std::string_view address);

/// Is it an attribute by whose value other resources refer to this one? The bucket of a bucket policy names another
/// resource, that of a bucket itself.
[[nodiscard]] bool names_itself(const model::Resource& resource, std::string_view attribute);

}  // namespace gabion::engine
