// Makes fixes: turns what a rule declares (set, insert, remove, add, take, policy, companion) into edits of what the
// person wrote, at the places where the value comes from. Called by the judge for every finding; what it gives is a
// proposal, which fix_applier proves.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/fix_tree.h"
#include "engine/functions.h"
#include "engine/prepared_rules.h"
#include "engine/view.h"
#include "findings/finding.h"
#include "iam/document.h"
#include "iam/formula.h"
#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Something that a fix means to change in the evaluated model.
struct FixChange {
  std::string type;    ///< of the resources
  std::string path;    ///< attribute or block, dotted, without indexes; everything below it may change
  bool added = false;  ///< a whole resource of that type is new
  /// Address of the resource that changes; others of its type, even instances, may not. Of added ones: empty.
  std::string address;
  /// Of added ones: address of the module in which they, and data sources that they need, may appear.
  std::optional<std::string> within;
};

/// A policy as it was, for comparing it with what a fix makes of it. Owns what its texts hang on.
struct PolicyBefore {
  std::string root;     ///< directory of the root module
  std::string address;  ///< resource that holds it
  std::string path;     ///< attribute path with indexes: "inline_policy[0].policy"
  iam::PolicyKind kind = iam::PolicyKind::kIdentity;
  bool widens = false;
  std::optional<iam::Formula> keeps;  ///< requests that must stay allowed
  iam::PolicyDocument document;
  std::shared_ptr<source::Arena> memory;
};

/// One way to fix a finding.
struct FixAlternative {
  findings::Fix fix;
  std::string why;  ///< why the edit is made there, as a clause
  /// What it declares, as "directory: type.name": two fixes with the same one cannot be made at once.
  std::vector<std::string> declares;
};

/// The ways to fix one finding, the best first, and what they are meant to change.
struct FixProposal {
  std::vector<FixAlternative> alternatives;  ///< not empty
  std::vector<FixChange> changes;
  std::vector<std::shared_ptr<const PolicyBefore>> policies;
  std::span<const TextAt> leads_to = {};  ///< see FixData
};

/// The proposal for one violation; one by hand, without edits and with the reason, where no edit can be made. `item` is
/// the judged block, or null for the resource itself. `proved`: somebody will prove it, for which its policies are
/// copied as they were.
[[nodiscard]] FixProposal make_fix(const PreparedFix& fix, const model::Resource& resource, const eval::Value* item,
                                   const RuleContext& rule, const eval::Scope& scope, eval::Context& context,
                                   FixSyntax& syntax, bool proved = true);

/// The document with its symbols in another table, and with names for the places of loops, so that documents of two
/// evaluations can be compared. `artifacts` are those of the evaluation that it is from; null: its loops have names.
[[nodiscard]] iam::PolicyDocument moved_to(const iam::PolicyDocument& document, eval::SymbolTable& symbols,
                                           const source::ArtifactStore* artifacts);
[[nodiscard]] iam::Formula moved_to(const iam::Formula& formula, eval::SymbolTable& symbols,
                                    const source::ArtifactStore* artifacts);

}  // namespace gabion::engine
