// Points where the documentation of IAM is silent or contradicts itself. Each has a default that decide() and the
// prover use, and an alternative; answers say on which points they hang.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gabion::iam {

/// An alternative reading of one open point.
enum class OpenPoint : std::uint8_t {
  kAnyIfExists,      ///< ForAnyValue:..IfExists with an absent key is true
  kEmptyList,        ///< a key with an empty list is present
  kEmptyStr,         ///< a set operator over the single value "" sees that value
  kArrayPlainNever,  ///< a plain operator on a list is false even for one value
  kArrayPlainAny,    ///< a plain operator on a list asks for any value (negated: none)
  kArnMalformed,     ///< negated ARN operators fail too on texts that are no ARNs
  kInvalidNeg,       ///< negated operators fail on unreadable numbers, dates, addresses
  kNumLexExp,        ///< 1e1 is a number
  kNumLexLenient,    ///< leading digits are a number
  kResColon,         ///< Resource patterns glob the whole ARN
  kShortArn,         ///< missing fields of a short Resource ARN are "*"
  kVarAnywhere,      ///< policy variables live in the first five fields too
  kResCase,          ///< partition to account of Resource ignore case
  kEmptyVar,         ///< a variable whose value is "" has no value
  kNpExempt,         ///< NotPrincipal exempts only callers whose account, role and session are all listed
  kFedAccount,       ///< an account principal covers its SAML and OIDC callers
  kActStarColon,     ///< "*:*" matches no action
};
inline constexpr std::size_t kOpenPointCount = 17;

/// Stable name: "anyIfExists", "arrayPlain=never".
[[nodiscard]] std::string_view name(OpenPoint point);
/// What is open, as a sentence without full stop.
[[nodiscard]] std::string_view explain(OpenPoint point);

/// A set of open points; as an argument: those decided by their alternative instead of the default.
class OpenPoints {
 public:
  constexpr OpenPoints() = default;
  constexpr explicit OpenPoints(OpenPoint point) : bits_(bit(point)) {}
  [[nodiscard]] constexpr bool has(OpenPoint point) const { return (bits_ & bit(point)) != 0; }
  constexpr void add(OpenPoint point) { bits_ |= bit(point); }
  constexpr void add(OpenPoints other) { bits_ |= other.bits_; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(OpenPoints, OpenPoints) = default;

 private:
  static constexpr std::uint32_t bit(OpenPoint point) { return std::uint32_t{1} << static_cast<unsigned>(point); }
  std::uint32_t bits_ = 0;
};

}  // namespace gabion::iam
