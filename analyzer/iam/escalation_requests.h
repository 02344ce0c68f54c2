// Requests that the search for privilege escalation asks about: resources by the formats of their ARNs, in the account
// that a principal's policies talk about, and formulas over them. Called by escalation.cpp only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam/escalation.h"
#include "iam/formula.h"

namespace gabion::iam {

/// A name that nobody gives: what is allowed on it is allowed on anything of its kind.
inline constexpr std::string_view kAnyName = "zq-any-name";

/// Where a principal lives, as far as its policies tell; "*" for what they do not.
struct Home {
  std::string partition = "aws";
  std::string account = "*";
};

/// The account that the policies of a principal talk about, when they talk of one only: a denial that names it is meant
/// for the account itself.
[[nodiscard]] Home home_of(const EscalationPrincipal& principal);

/// ARN pattern of a resource type: every placeholder after the fifth colon is `name`.
[[nodiscard]] std::string pattern_of(std::string_view format, std::string_view name, const Home& home);
/// An ARN of IAM in the account of a principal: that it is the same one is seldom written down.
[[nodiscard]] Text at_home(const Text& arn, const Home& home);
/// A text with wildcards in the place of "{holes}".
[[nodiscard]] std::string without_holes(std::string_view text);

[[nodiscard]] Formula resource_like(Text pattern);
[[nodiscard]] Formula resource_is(std::string_view text);
/// What stands behind the last slash of an ARN: the name of a user.
[[nodiscard]] Text name_in(const Text& arn);
[[nodiscard]] Formula key_is(std::string key, std::string_view value);
[[nodiscard]] Formula caller_is(PrincipalType type);

/// What was found out about a step of a method.
struct StepAnswer {
  StepAnswer() = default;
  explicit StepAnswer(Permission permission);

  Truth allowed = Truth::kUnknown;
  std::optional<std::string> resource;     ///< on which it is allowed, as an example
  const AttachedPolicy* policy = nullptr;  ///< the one that allows it, of those of the principal
  const Statement* statement = nullptr;    ///< in that policy
  std::vector<Hole> holes;                 ///< what an unknown answer hangs on
  std::string because;                     ///< in words, for an unknown answer
};

/// The answer for an action that is allowed whatever the request is like, on a resource that a pattern without holes
/// covers.
[[nodiscard]] std::optional<StepAnswer> granted(const Grant& grant, std::string_view action, const Text& pattern);

/// A text cut at its blanks.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);

}  // namespace gabion::iam
