// Patterns of a Resource element against the ARN formats of resource types: which types a pattern can mean, and which
// actions can never work on any resource of a statement. Called by rule functions; in doubt the answer is "it can".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aws/service_facts.h"

namespace gabion::aws {

/// Stands in a pattern for a name that is not known: any run of characters without '/' and ':'.
inline constexpr char kUnknownName = '\x01';

/// Can some ARN of the format be covered by the pattern? `*` and `?` are wildcards of the pattern, and so is a policy
/// variable "${...}"; a name of AWS stands for every placeholder of the format.
[[nodiscard]] bool overlaps(std::string_view arn_format, std::string_view pattern);

/// Can some text be covered by both patterns? Case matters.
[[nodiscard]] bool patterns_overlap(std::string_view a, std::string_view b);

/// Resource types of all services that a pattern can mean.
[[nodiscard]] std::vector<ResourceTypeId> types_of_arn(std::string_view pattern);

/// "*": a pattern that every resource matches.
[[nodiscard]] bool is_every_resource(std::string_view pattern);

/// What may stand at a place of a pattern, or of a format.
enum class Piece : std::uint8_t {
  kChar,
  kOne,    ///< any character
  kRun,    ///< any run of characters
  kName,   ///< any run without '/' and ':'
  kField,  ///< any run without ':'
  kPlain,  ///< any character but '/' and ':'
};

struct Token {
  Piece piece = Piece::kChar;
  char character = 0;
};

/// The patterns of a Resource element, read once for all actions that are asked about: most actions of a service share
/// their resource types, each of which is compared once.
class ResourcePatterns {
 public:
  explicit ResourcePatterns(std::span<const std::string_view> patterns);

  /// Can a request for the action be about a resource that one of the patterns covers? An action without resource types
  /// is about "*", which only a pattern of stars covers.
  [[nodiscard]] bool fit(ActionId action);

 private:
  [[nodiscard]] bool cover(ResourceTypeId type);
  [[nodiscard]] bool cover(std::string_view arn_format) const;

  bool every_resource_;
  std::vector<std::vector<Token>> patterns_;
  // By type, as far as they were asked about.
  std::vector<bool> asked_;
  std::vector<bool> covered_;
};

/// The same for one action.
[[nodiscard]] bool fits_some(ActionId action, std::span<const std::string_view> patterns);

}  // namespace gabion::aws
