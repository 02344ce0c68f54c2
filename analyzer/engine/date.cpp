#include "engine/date.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace gabion::engine {

bool is_date(std::string_view text) {
  constexpr std::size_t kSize = 10;
  if (text.size() != kSize || text[4] != '-' || text[7] != '-') {
    return false;
  }
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  for (std::size_t i = 0; i < kSize; ++i) {
    if (i == 4 || i == 7) {
      continue;
    }
    if (text[i] < '0' || text[i] > '9') {
      return false;
    }
    const int digit = text[i] - '0';
    if (i < 4) {
      year = year * 10 + digit;
    } else if (i < 7) {
      month = month * 10 + static_cast<unsigned>(digit);
    } else {
      day = day * 10 + static_cast<unsigned>(digit);
    }
  }
  return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)).ok();
}

std::string date_of(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

}  // namespace gabion::engine
