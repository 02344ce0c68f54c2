// Strict judgement of a policy document: what AWS refuses, and what it accepts but reads in another way than it looks.
// Reading (document.h) stays lenient; `gabion policy validate` and the rule function policy_problems ask here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "findings/diagnostic.h"
#include "findings/finding.h"
#include "iam/document.h"

namespace gabion::iam {

/// What a document is used as. Decides which elements it may have, and how long it may be.
enum class PolicyUse : std::uint8_t {
  kIdentity,  ///< managed policy
  kRoleInline,
  kUserInline,
  kGroupInline,
  kBoundary,
  kSession,
  kTrust,
  kScp,
  kRcp,
  kResource,  ///< of any service
  kBucket,
  kKey,
  kRepository,
  kTopic,
  kQueue,
  kSecret,
  kPermissionSet,  ///< inline policy of a permission set of IAM Identity Center
};

/// "identity", "role-inline", ... as the command line and rules name them.
[[nodiscard]] std::string_view name(PolicyUse use);
[[nodiscard]] std::optional<PolicyUse> policy_use_from_name(std::string_view text);
/// All names, separated by ", ".
[[nodiscard]] std::string policy_use_names();
/// How such a document is evaluated.
[[nodiscard]] PolicyKind kind_of(PolicyUse use);

/// One problem. kError: AWS refuses the document. kWarning: it is accepted, and means something else than it looks.
struct PolicyProblem {
  findings::Diagnostic what;
  std::optional<std::size_t> statement;  ///< index, for problems of one statement
  std::optional<Replacement> fix;
  /// What the fix changes: "Version", "Sid", "Effect", "Action", "NotAction", "Operator" or "Key" (of a condition);
  /// empty for what is no value of an element, such as its name.
  std::string_view element;
};

/// Characters that one document of that use may have; 0 when there is no such quota, or none is documented.
[[nodiscard]] std::size_t size_quota(PolicyUse use);
/// Characters of a document as they count for that quota; what holes stand for is not counted.
[[nodiscard]] std::size_t counted_size(const PolicyDocument& document, PolicyUse use);

/// Problems of what was read from one text, sorted by place. Holes are given the benefit of the doubt.
[[nodiscard]] std::vector<PolicyProblem> validate(const PolicyReading& reading, PolicyUse use);
/// Problems of one document alone, without those of reading it.
[[nodiscard]] std::vector<PolicyProblem> validate(const PolicyDocument& document, PolicyUse use);

/// The edit that makes a replacement, when `source` (the text at its region) spells the text literally, quoted or not,
/// or is a JSON object that gets a new member.
[[nodiscard]] std::optional<findings::Edit> edit_of(const Replacement& fix, std::string_view source);

}  // namespace gabion::iam
