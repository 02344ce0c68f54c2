// Days of the calendar as texts "2027-01-31", which compare as the days do. Suppressions and observations end on them;
// what day it is comes from the command line, never from here, so that every analysis can be repeated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::engine {

/// Whether the text is a day that exists, written YYYY-MM-DD.
[[nodiscard]] bool is_date(std::string_view text);

/// The day of a moment, given in seconds since 1970, UTC.
[[nodiscard]] std::string date_of(std::int64_t seconds);

}  // namespace gabion::engine
