// Texts of conditions read as numbers, instants, addresses and bytes. Exact: no floating point.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "iam/open_point.h"

namespace gabion::iam {

/// A decimal number of any length.
struct Decimal {
  bool negative = false;
  std::string whole;     ///< without leading zeros
  std::string fraction;  ///< without trailing zeros
  friend bool operator==(const Decimal&, const Decimal&) = default;
};
[[nodiscard]] std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

/// Plain decimals; the alternatives numLex=exp and numLex=lenient read more. `touched` gets the points that would.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text, OpenPoints alternatives = {},
                                                   OpenPoints* touched = nullptr);
[[nodiscard]] std::string to_string(const Decimal& value);
/// A number strictly between two (missing: unbounded), with few digits.
[[nodiscard]] Decimal between(const std::optional<Decimal>& low, const std::optional<Decimal>& high);

/// A point in time.
struct Instant {
  std::int64_t seconds = 0;  ///< since 1970-01-01T00:00:00Z
  std::uint32_t nanoseconds = 0;
  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
};
/// ISO 8601 as W3C profiles it (a year alone is not a date), or seconds since the epoch.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
/// "2026-01-01T00:00:00Z".
[[nodiscard]] std::string to_string(const Instant& value);

/// An IPv4 or IPv6 address; IPv4 uses the last four bytes.
struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};
  friend constexpr auto operator<=>(const Address&, const Address&) = default;
};
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
[[nodiscard]] std::string to_string(const Address& value);
/// The next or previous address of the family; nothing at its end.
[[nodiscard]] std::optional<Address> next(Address value);
[[nodiscard]] std::optional<Address> previous(Address value);

/// A block of addresses: first to last.
struct AddressRange {
  Address first;
  Address last;
  [[nodiscard]] bool contains(const Address& address) const {
    return address.v6 == first.v6 && first <= address && address <= last;
  }
};
/// "10.0.0.0/8", "2001:db8::/32", or one address. Host bits are masked.
[[nodiscard]] std::optional<AddressRange> parse_range(std::string_view text);

/// "true" or "false" in any case.
[[nodiscard]] std::optional<bool> parse_bool(std::string_view text);

/// Bytes of base64 text.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace gabion::iam
