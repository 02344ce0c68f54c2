// One instance of a module during expansion: the scope in which its expressions are evaluated. Every variable, local,
// output, resource and call is evaluated when it is first needed and remembered. Made by Expansion (the root) and by
// the calling instance.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/evaluator.h"
#include "model/model.h"
#include "terraform/body_evaluation.h"
#include "terraform/module.h"
#include "terraform/repetition.h"

namespace gabion::terraform {

class Expansion;
struct ResourceFacts;

class ModuleInstance final : public eval::Scope {
 public:
  /// The root of an expansion.
  ModuleInstance(Expansion& expansion, const Module& module);
  /// An instance made by a call; arguments are evaluated in the caller.
  ModuleInstance(const ModuleInstance& caller, const Module& module, const CallDeclaration& call,
                 const Repetition& repetition, const Repetition::Item& item, std::vector<eval::Assumption> assumed);
  ~ModuleInstance() override;

  [[nodiscard]] Resolved resolve(const hcl::Traversal& reference, eval::Context& context) const override;

  /// Adds this instance, its resources and what it calls to the configuration.
  void freeze(model::ModuleId parent, bool certain);

 private:
  enum class State : std::uint8_t { kNew, kRunning, kDone };
  struct Slot {
    State state = State::kNew;
    eval::Value value;
  };
  struct ResourceInstance {
    const eval::Symbol* symbol;  ///< one for all blocks of one name, with the facts of the first of them
    const ResourceFacts* facts;  ///< of this block
  };
  /// There may be very many, nearly all of them with one instance.
  struct ResourceSlot {
    State state = State::kNew;
    std::uint32_t size = 0;                        ///< how many instances
    std::unique_ptr<const Repetition> repeated{};  ///< null: neither count nor for_each
    const ResourceInstance* first = nullptr;
    const eval::Value* value = nullptr;  ///< of all instances, when it was asked for

    [[nodiscard]] std::span<const ResourceInstance> instances() const { return {first, size}; }
    [[nodiscard]] const Repetition& repetition() const {
      return repeated == nullptr ? Repetition::single() : *repeated;
    }
  };
  struct CallSlot {
    State state = State::kNew;
    Repetition repetition;
    std::vector<std::unique_ptr<ModuleInstance>> instances;  ///< empty when the module is not here
    std::optional<eval::Value> value;                        ///< of all instances, when asked for
  };
  /// What a call brings in.
  struct Called {
    const Module* module = nullptr;    ///< null when it is not here
    std::string_view assumed_version;  ///< of the outline that stands for it, when the call does not say it
  };

  eval::Value variable(std::uint32_t index, eval::Context& context) const;
  eval::Value root_variable(const VariableDeclaration& declaration, eval::Context& context) const;
  eval::Value argument(const VariableDeclaration& declaration, eval::Context& context) const;
  /// Whether a call of whatever version may give a variable by the name that it has in one that is not known.
  bool is_given_otherwise(const VariableDeclaration& declaration) const;
  /// Whether the call gives a block of that name, which Terraform refuses.
  [[nodiscard]] bool is_block(std::string_view name) const;
  eval::Value fitted(const eval::Value& given, const VariableDeclaration& declaration, source::Region place,
                     eval::Context& context) const;
  eval::Value local(std::uint32_t index, eval::Context& context) const;
  class Manner;
  /// What a local or an output is worth, by its kind ("local.") and name.
  eval::Value declared(const hcl::Expression& expression, std::string_view kind, std::string_view name,
                       eval::Context& context) const;
  eval::Value output(std::uint32_t index, eval::Context& context) const;
  eval::Value outputs(eval::Context& context) const;
  const ResourceSlot& resource(std::uint32_t index, eval::Context& context) const;
  /// What holds where an instance exists.
  std::vector<eval::Assumption> conditions(const Repetition::Item& item, const hcl::Attribute* count,
                                           const hcl::Attribute* for_each, eval::Context& context) const;
  void expand_resource(const ResourceDeclaration& declaration, ResourceSlot& slot, eval::Context& context) const;
  /// What is known of a data source before it is read besides its arguments: what they and the provider decide.
  std::span<const eval::Member> computed_of_data(const ResourceDeclaration& declaration, const model::Body& body,
                                                 const eval::Symbol& owner, eval::Context& context) const;
  /// What expressions see that name a resource.
  const eval::Value& resource_value(std::uint32_t index, eval::Context& context) const;
  /// The same for an attribute of a single instance, which is what nearly all of them name: without making an object.
  /// Nothing where that takes the object.
  static std::optional<eval::Value> resource_attribute(const ResourceSlot& slot, const hcl::Step& step,
                                                       eval::Context& context);
  const CallSlot& call_slot(std::uint32_t index, eval::Context& context) const;
  void expand_call(const CallDeclaration& declaration, CallSlot& slot, eval::Context& context) const;
  Called called_module(const CallDeclaration& declaration, eval::Context& context) const;
  Called outlined_module(const CallDeclaration& declaration, eval::Context& context) const;
  eval::Value absent_module(const CallDeclaration& declaration, const std::string& address,
                            eval::Context& context) const;

  /// What is known of a provider configuration of AWS as this module names it ("aws", "aws.east").
  const model::ProviderFacts& aws_facts(std::string_view provider, eval::Context& context) const;
  const model::ProviderFacts* configured_facts(std::string_view provider, const hcl::Block* block,
                                               eval::Context& context) const;
  const hcl::Block* provider_block(std::string_view provider) const;
  /// The caller's name for a provider of this module; empty when the caller hands none over.
  std::string callers_provider(std::string_view provider) const;

  Resolved resolve_name(const hcl::Traversal& reference, eval::Context& context) const;
  Resolved resolve_resource(const hcl::Traversal& reference, std::size_t steps, model::Mode mode, std::string_view type,
                            std::string_view name, eval::Context& context) const;
  Resolved resolve_call(const hcl::Traversal& reference, eval::Context& context) const;
  Resolved resolve_path(const hcl::Traversal& reference, eval::Context& context) const;
  Resolved resolve_terraform(const hcl::Traversal& reference, eval::Context& context) const;
  eval::Value cycle(const std::string& name, source::Region region) const;
  std::string qualified(std::string_view name) const;

  /// Reports values that the validation conditions of their variables refuse.
  void check_variables();
  void freeze_resources(model::ModuleId id, bool certain);
  std::vector<model::ConfigurationBlock> configuration_blocks();
  model::ConfigurationBlock configuration_block(const hcl::Block& block, std::string_view name, model::Body body);
  void add_other_block(const hcl::Block& block, std::vector<model::ConfigurationBlock>& out);
  model::Body call_body(const CallDeclaration& declaration);

  Expansion& expansion_;
  const Module& module_;
  const ModuleInstance* caller_ = nullptr;
  const CallDeclaration* call_ = nullptr;
  std::uint32_t depth_ = 0;
  std::string address_;                                  ///< "module.a[0]"; empty for the root
  std::string config_address_;                           ///< without keys
  std::string call_path_;                                ///< "a.b" as module manifests name it
  std::string_view assumed_version_;                     ///< of an outline, when the call does not say it
  std::array<eval::LocalScope::Binding, 1> bindings_{};  ///< each or count at the call
  std::vector<eval::Assumption> assumed_;                ///< what holds where the call makes this instance
  eval::AssumingScope assuming_scope_;                   ///< the caller's scope there
  eval::LocalScope arguments_scope_;                     ///< the same with the binding
  // Results that are remembered. Evaluation is asked through const scopes, so they are mutable.
  mutable std::vector<Slot> variables_;
  mutable std::vector<Slot> locals_;
  mutable std::vector<Slot> outputs_;
  mutable std::vector<ResourceSlot> resources_;
  mutable std::vector<CallSlot> calls_;
  mutable std::map<std::string, const model::ProviderFacts*, std::less<>> aws_facts_;
  mutable bool in_provider_ = false;  ///< a provider's arguments are being evaluated
};

}  // namespace gabion::terraform
