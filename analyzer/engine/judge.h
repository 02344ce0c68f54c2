// Judges one frozen configuration by the rules: evaluates each rule's conditions over the resources it targets and
// reports refuted ones as findings and undecided ones as unresolved.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/fix.h"
#include "engine/prepared_rules.h"
#include "engine/unique.h"
#include "findings/diagnostic.h"
#include "findings/finding.h"
#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Findings of one root module, where nobody says how many are too many.
inline constexpr std::uint64_t kMostFindings = 1'000'000;

/// That a check of a rule applies to nothing, because a parameter is not set.
struct MissedParameter {
  std::string_view rule;       ///< id
  std::string_view parameter;  ///< name
  findings::Unresolved note;   ///< what is said of it, once for all root modules
};

/// What judging one or several configurations gave, in no particular order.
class Verdicts {
 public:
  std::vector<findings::Finding> findings;
  std::vector<findings::Unresolved> unresolved;
  findings::Diagnostics diagnostics;   ///< rules that failed on something (a rule's own error), budgets
  std::uint64_t policies = 0;          ///< policy documents looked at
  std::vector<FixProposal> proposals;  ///< findings::Fix::proposal is the index of a fix
  std::vector<Claim> claims;           ///< what must differ between root modules, see settle()

  /// Rules and the parameters of theirs that were missed.
  std::set<std::pair<std::string_view, std::string_view>> asked;
  std::vector<MissedParameter>* missed = nullptr;  ///< who is told of all of them, said already or not; null: nobody

  FixSyntax::OpenText open_text{};    ///< for fixes that add lines to text files
  KnownTree known_tree{};  ///< of files that fixes look at
  bool make_fixes = true;
  bool all_proposals = true;              ///< keeps what each fix was made from, or else only where there is a choice
  std::function<void()> take_findings{};  ///< takes the findings so far away when there are some; may be empty
  std::function<bool()> obsolete{};       ///< whether nobody waits for the rest; may be empty
  std::function<bool()> out_of_time{};    ///< whether the rest is to be left out, and said to be; may be empty
  std::uint64_t most = kMostFindings;     ///< findings of one configuration, and as many notes
  /// Syntax for making edits, shared by all configurations judged.
  [[nodiscard]] FixSyntax& syntax(const source::ArtifactStore& artifacts) {
    if (syntax_ == nullptr) {
      syntax_ = std::make_unique<FixSyntax>(artifacts, open_text, known_tree);
    }
    return *syntax_;
  }
  /// Between two configurations: forgets syntax that may not last or, when there is much of it, not be needed again.
  void make_room() {
    if (syntax_ != nullptr) {
      syntax_->make_room();
    }
  }

 private:
  std::unique_ptr<FixSyntax> syntax_;
};

/// Judges everything in the configuration; appends to `verdicts`.
void judge(const model::Configuration& configuration, PreparedRules& rules, const source::ArtifactStore& artifacts,
           const source::Limits& limits, Verdicts& verdicts);

}  // namespace gabion::engine
