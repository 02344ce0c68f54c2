// Exceptions that people write down: what they say, and for which text. Comments of ours and of other scanners, and the
// entries of the configuration file, all become a Suppression; handling.h decides which findings they are about.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/known_tree.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "source/region.h"

namespace gabion::engine {

/// Whose comment it is.
enum class CommentStyle : std::uint8_t { kGabion, kCheckov, kTfsec, kTrivy, kKics, kTflint, kTerrascan };

/// "gabion", "checkov", ...: how the configuration file calls them.
[[nodiscard]] std::string_view name(CommentStyle style);
/// The names of all but our own, in the order of CommentStyle.
[[nodiscard]] std::span<const std::string_view> other_comment_styles();

/// One exception.
struct Suppression {
  CommentStyle style = CommentStyle::kGabion;
  bool configured = false;                   ///< an entry of the configuration file
  std::vector<std::string> rules;            ///< ids, globs, or the other scanner's ids; "*" is all
  std::vector<std::string> except;           ///< ids among them that it is not about
  std::vector<source::Region> rule_regions;  ///< where each is written; empty for entries
  std::string reason;
  std::string owner;
  std::string until;                                            ///< last day on which it counts; empty: no end
  std::vector<std::string> instances;                           ///< addresses, or ends of them, with globs; empty: all
  std::vector<std::pair<std::string, std::string>> attributes;  ///< attribute and the value that it must have
  std::string workspace;                                        ///< counts in this workspace only, which is never known
  std::vector<std::string> paths;  ///< entries: patterns in the syntax of .gitignore; empty: all files
  source::Region written;          ///< the comment or entry
  source::Region removal;          ///< what to take out in order to remove it
  source::Region scope;            ///< text that it is about; invalid for entries
  std::string subject;             ///< address, as written, of the block that it is about; may be empty
  std::string problem;             ///< why it cannot count, as a clause; empty when it can
  std::uint32_t line = 0;          ///< entries: in the configuration file
};

/// The suppressions in the comments of a file in HCL syntax, in order. Comments that only mention one (that do not
/// begin with it) are none.
[[nodiscard]] std::vector<Suppression> suppressions_of(const source::Artifact& artifact, const source::Limits& limits,
                                                       const KnownTree& known_tree = {});

}  // namespace gabion::engine
