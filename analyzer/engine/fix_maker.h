// Turns what a rule declares for one violation into edits of what the person wrote. Made by make_fix for every finding;
// its verbs stand in three files: values and blocks, policies, and what is added beside.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fix.h"
#include "engine/fix_arguments.h"
#include "engine/fix_builder.h"
#include "engine/fix_documents.h"
#include "engine/fix_policy.h"
#include "engine/fix_scope.h"

namespace gabion::engine {

/// "a.b" from "a" and "b"; the path alone without prefix.
[[nodiscard]] std::string joined_path(std::string_view prefix, std::string_view path);
/// The path of a body inside another: block types, with indexes or without; nothing when it is not in it.
[[nodiscard]] std::optional<std::string> path_of(const model::Body& outer, const model::Body& wanted, bool indexes,
                                                 int depth = 0);
/// The value as it would be written on one line, for people.
[[nodiscard]] std::string one_line_text(const FixValue& value);

/// Ways to fix a finding that are tried at most.
inline constexpr std::size_t kMaxAlternatives = 6;

/// Makes the proposal for one violation of a rule by one resource.
class FixMaker {
 public:
  FixMaker(const PreparedFix& fix, const model::Resource& resource, const eval::Value* item, const RuleContext& rule,
           const eval::Scope& scope, eval::Context& context, FixSyntax& syntax, bool proved);
  /// `found`: it is known what to edit.
  FixProposal run(bool found = true);

 private:
  std::string title(std::string derived);
  /// A fix without edits: says what to write and why it was not written.
  FixProposal by_hand();
  /// The value to write, or nothing when it is not known. Null means: leave out.
  std::optional<FixValue> value_of(const syntax::hcl::Expression& expression, const eval::Scope& scope, bool& left_out);
  bool build(FixBuilder& builder);
  /// The data sources that were referred to and are not there.
  bool declare_data(FixBuilder& builder);
  [[nodiscard]] std::vector<std::string> declared(const FixBuilder& builder) const;
  /// Path of the attribute that has the judged object as an element: blocks may be written as such.
  [[nodiscard]] std::optional<std::string> judged_element() const;
  /// The member of the judged element, an object that the rule may have made; null when there is none.
  [[nodiscard]] const eval::Value* item_member(std::string_view name) const;
  /// Takes the judged block away, or the judged element out of the list in which it is written.
  bool remove_item(FixBuilder& builder);
  /// The same value, or one that a rule took from the same place and put together anew.
  [[nodiscard]] bool same_written(const eval::Value& one, const eval::Value& other) const;
  /// Plain path of the attribute that has the value as an element or a member.
  [[nodiscard]] std::optional<std::string> element_path(const model::Body& body, const eval::Value& element,
                                                        int depth = 0) const;
  /// Notes what is changed: `path` as the model has it, `inside` what in the value there.
  void change(std::string_view prefix, std::string_view path, std::string_view inside = {});
  /// Does the provider have what is to be written? Types that it does not know are somebody else's.
  bool known_to_provider(std::string_view prefix, std::string_view path);
  /// Where the model holds a policy value: the judged resource first.
  bool find_holder(const eval::Value& value, const model::Resource*& owner, std::string& path, std::string& plain);
  bool policy(const PreparedPolicyFix& fix, FixBuilder& builder);
  /// What becomes of the statement, and the statements that are made of parts of it.
  bool split(const syntax::hcl::Expression& expression, const eval::Value& statement, const eval::Scope& scope,
             PolicyChange& change);
  bool declare(const PreparedDeclaration& given, FixBuilder& builder);
  /// The attributes of a new block, paths with dots in nested blocks.
  bool attributes(const std::vector<PreparedName>& given, const eval::Scope& scope, const FixStyle& style,
                  NewBlock& body);
  /// Those of its attributes that are documents in JSON.
  bool documents(const std::vector<PreparedName>& given, const FixScope& scope, const FixStyle& style, NewBlock& body);
  /// One of them, empty when it is left out; nothing when it is not known.
  std::optional<FixDocuments::Text> document(const syntax::hcl::Expression& expression, const FixScope& scope,
                                             const FixStyle& style);
  /// The references in a document that hangs on nothing else; nothing for another one.
  std::optional<FixDocuments::References> references_in(const syntax::hcl::Expression& document, const FixScope& scope);
  /// Attributes of a new block beside the judged one stand one level below the resource's own place.
  [[nodiscard]] FixStyle style_inside() const;
  [[nodiscard]] FixStyle style_in(const syntax::hcl::Block& block) const;
  bool line(const PreparedLine& given, FixBuilder& builder);
  bool entries(const std::vector<PreparedName>& given, const eval::Scope& scope, std::vector<FixMember>& out);
  /// Notes that the policy is changed, and how it was. False when it is not known whose it is.
  bool remember(const eval::Value& value, const iam::PolicyDocument& document, const PreparedPolicyFix& fix);
  /// Is there a need for it? What is not known counts as one.
  bool is_needed(const PreparedCompanion& given);
  [[nodiscard]] bool wanted(const PreparedCompanion& given) const { return wanted_.contains(&given); }
  bool companion(const PreparedCompanion& given, FixBuilder& builder);
  /// Name of a resource to add: the one that the rule wants, or that of the judged resource, made free.
  [[nodiscard]] std::string name_of(const PreparedCompanion& given);
  [[nodiscard]] std::string name_of(const PreparedDeclaration& given);
  [[nodiscard]] std::string free_name(std::string_view directory, std::string_view type,
                                      const std::string& wanted) const;
  /// Name of such a resource beside the judged one that has no instance in this module: it is switched off by an
  /// argument, and one more of its kind is not what is missing.
  [[nodiscard]] std::optional<std::string> switched_off(std::string_view type) const;
  /// Arguments of the module that may switch on what it has; none when there are none to try.
  FixProposal by_arguments(const PreparedCompanion& companion, const std::string& name);
  /// Where an attribute is what a variable says that the call leaves to its default: the call gives it, and what else
  /// the fix adds stands beside the call. None where the value names nothing that is added.
  FixProposal by_forwarded_argument();
  /// Arguments of the module that may give the attributes of the judged resource, where these cannot be edited.
  FixProposal by_own_arguments();
  /// Arguments of the module that may put the statements into the policy of the judged resource.
  [[nodiscard]] std::vector<FixAlternative> arguments_for_policy();
  /// Adds the alternative that gives the argument; `more`: what else belongs to it, false when that cannot be.
  void propose(const ModuleArgument& argument, const std::string& why, const std::function<bool(FixBuilder&)>& more,
               std::vector<FixAlternative>& out);
  /// The value to write; nothing when it is null, not known, or has a hole for a person to fill.
  std::optional<FixValue> known_value(const syntax::hcl::Expression& expression, const eval::Scope& scope);
  /// Text that says beside the call in which Region the judged resource is, empty where its provider says so; nothing
  /// where it can be said inside of the module alone.
  [[nodiscard]] std::optional<std::string> region_beside_call() const;
  /// What companions become beside the call. False when that cannot be.
  bool beside_call(const PreparedCompanion& companion, const FixScope& scope, const AddedNames& names,
                   FixBuilder& builder);
  [[nodiscard]] FixPlace place() const { return {&resource_, &module_}; }

  const PreparedFix& fix_;
  const model::Resource& resource_;
  const RuleContext& rule_;
  const eval::Scope& scope_;
  const model::Module& module_;
  /// Those that there is a need for, and the names of what is added.
  std::map<const PreparedCompanion*, std::string> wanted_;
  AddedNames added_;
  ReferredData data_;
  FixScope fix_scope_;
  eval::Context& context_;
  FixSyntax& syntax_;
  const eval::Value* item_;
  bool proved_;
  FixTarget self_;
  FixTarget target_;
  std::string prefix_;
  std::vector<FixChange> changes_;
  std::vector<std::shared_ptr<const PolicyBefore>> policies_;  ///< none where nobody will prove anything
  bool changes_policy_ = false;
  std::string appended_;    ///< text of the statements that are added to a policy
  std::string conditions_;  ///< text of their conditions
  std::string problem_;
  std::string paste_;
  bool manual_ = false;
  bool replaces_ = false;  ///< the provider makes a new resource for it
};

}  // namespace gabion::engine
