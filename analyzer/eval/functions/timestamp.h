// Points in time as RFC 3339 writes them, and Go's durations: what the time functions and YAML's dates compute with.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gabion::eval::functions {

/// A date and time of day in some zone.
struct Timestamp {
  std::int64_t seconds = 0;      ///< since 1970-01-01T00:00:00Z
  std::int32_t nanoseconds = 0;  ///< 0 to 999,999,999
  std::int32_t offset = 0;       ///< of the zone, in seconds east of UTC

  /// The same instant?
  [[nodiscard]] std::strong_ordering compare(const Timestamp& other) const {
    const auto order = seconds <=> other.seconds;
    return order != 0 ? order : nanoseconds <=> other.nanoseconds;
  }
};

/// Calendar fields in the timestamp's own zone.
struct Calendar {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 4;  ///< 0 is Sunday
};

/// Exactly what RFC 3339 allows.
[[nodiscard]] std::optional<Timestamp> parse_strict(std::string_view text);
/// What Go's time.Parse takes for RFC 3339: an hour of one digit, a comma before the fraction, offsets up to 24:60.
[[nodiscard]] std::optional<Timestamp> parse_lenient(std::string_view text);
/// Dates of YAML 1.1: short fields, a space or small t instead of T, no zone, or the date alone.
[[nodiscard]] std::optional<Timestamp> parse_yaml(std::string_view text);

[[nodiscard]] Calendar calendar_of(const Timestamp& time);
/// RFC 3339 without a fraction.
[[nodiscard]] std::string to_text(const Timestamp& time);
/// The offset as +hh:mm (or +hhmm).
[[nodiscard]] std::string offset_text(const Timestamp& time, bool colon);

/// Go's duration syntax ("1h30m", "-1.5h") in nanoseconds, or nothing.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text);
[[nodiscard]] Timestamp add(const Timestamp& time, std::int64_t nanoseconds);

}  // namespace gabion::eval::functions
