#include "eval/functions/timestamp.h"

#include <array>
#include <limits>

#include "source/ascii.h"

namespace gabion::eval::functions {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

using source::is_digit;

bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in(std::int64_t year, std::int64_t month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

/// Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so that leap days come last.
std::int64_t days_from_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

/// Reads fields from the left; the first one that does not fit spoils the reader.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// A number of `least` to `most` digits within bounds.
  std::int64_t number(std::size_t least, std::size_t most, std::int64_t low, std::int64_t high) {
    std::size_t count = 0;
    std::int64_t value = 0;
    while (count < most && count < text_.size() && is_digit(text_[count])) {
      value = value * 10 + (text_[count] - '0');
      ++count;
    }
    text_.remove_prefix(count);
    ok_ = ok_ && count >= least && value >= low && value <= high;
    return value;
  }
  void expect(char c) {
    ok_ = ok_ && !text_.empty() && text_.front() == c;
    if (!text_.empty()) {
      text_.remove_prefix(1);
    }
  }
  [[nodiscard]] bool take(char c) {
    if (text_.empty() || text_.front() != c) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }
  /// Digits behind a point; those beyond the ninth do not count.
  std::int32_t fraction() {
    std::int32_t value = 0;
    std::int32_t unit = 100'000'000;
    std::size_t count = 0;
    while (count < text_.size() && is_digit(text_[count])) {
      value += (text_[count] - '0') * unit;
      unit /= 10;
      ++count;
    }
    text_.remove_prefix(count);
    ok_ = ok_ && count > 0;
    return value;
  }
  [[nodiscard]] bool next_is_digit(std::size_t at) const { return at < text_.size() && is_digit(text_[at]); }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] bool ok() const { return ok_; }
  void fail() { ok_ = false; }

 private:
  std::string_view text_;
  bool ok_ = true;
};

struct Style {
  std::size_t least_digits = 2;  ///< of month, day, minute, second
  std::size_t hour_digits = 2;
  bool comma = false;
  bool wide_offset = false;  ///< up to 24:60
};

std::int32_t read_zone(Reader& reader, const Style& style) {
  if (reader.take('Z')) {
    return 0;
  }
  const bool west = reader.take('-');
  if (!west) {
    reader.expect('+');
  }
  const std::int64_t hours = reader.number(2, 2, 0, style.wide_offset ? 24 : 23);
  reader.expect(':');
  const std::int64_t minutes = reader.number(2, 2, 0, style.wide_offset ? 60 : 59);
  const auto offset = static_cast<std::int32_t>((hours * 60 + minutes) * 60);
  return west ? -offset : offset;
}

struct Date {
  std::int64_t year = 0;
  std::int64_t month = 1;
  std::int64_t day = 1;
};

Date read_date(Reader& reader, const Style& style) {
  Date date;
  date.year = reader.number(4, 4, 0, 9999);
  reader.expect('-');
  date.month = reader.number(style.least_digits, 2, 1, 12);
  reader.expect('-');
  date.day = reader.number(style.least_digits, 2, 1, reader.ok() ? days_in(date.year, date.month) : 31);
  return date;
}

Timestamp read_time(Reader& reader, const Style& style, const Date& date, bool zone) {
  Timestamp time;
  const std::int64_t hour = reader.number(style.hour_digits, 2, 0, 23);
  reader.expect(':');
  const std::int64_t minute = reader.number(style.least_digits, 2, 0, 59);
  reader.expect(':');
  const std::int64_t second = reader.number(style.least_digits, 2, 0, 59);
  if (reader.next_is_digit(1) && (reader.take('.') || (style.comma && reader.take(',')))) {
    time.nanoseconds = reader.fraction();
  }
  time.offset = zone ? read_zone(reader, style) : 0;
  if (!reader.ok()) {
    return time;
  }
  time.seconds = days_from_date(date.year, date.month, date.day) * kSecondsPerDay + (hour * 60 + minute) * 60 + second -
                 time.offset;
  return time;
}

std::optional<Timestamp> parse(std::string_view text, const Style& style, char separator, bool zone) {
  Reader reader(text);
  const Date date = read_date(reader, style);
  reader.expect(separator);
  const Timestamp time = read_time(reader, style, date, zone);
  if (!reader.ok() || !reader.empty()) {
    return std::nullopt;
  }
  return time;
}

void append_number(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value < 0 ? -value : value);
  out += value < 0 ? "-" : "";
  out.append(digits.size() < width ? width - digits.size() : 0, '0');
  out += digits;
}

/// Nanoseconds of a unit, or nothing.
std::optional<std::int64_t> unit_of(std::string_view name) {
  if (name == "ns") {
    return 1;
  }
  if (name == "us" || name == "\xC2\xB5s" || name == "\xCE\xBCs") {
    return 1'000;
  }
  if (name == "ms") {
    return 1'000'000;
  }
  if (name == "s") {
    return kNanosecondsPerSecond;
  }
  if (name == "m") {
    return 60 * kNanosecondsPerSecond;
  }
  if (name == "h") {
    return 3600 * kNanosecondsPerSecond;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Timestamp> parse_strict(std::string_view text) {
  return parse(text, Style{}, 'T', true);
}

std::optional<Timestamp> parse_lenient(std::string_view text) {
  Style style;
  style.hour_digits = 1;
  style.comma = true;
  style.wide_offset = true;
  return parse(text, style, 'T', true);
}

std::optional<Timestamp> parse_yaml(std::string_view text) {
  Style style;
  style.least_digits = 1;
  style.hour_digits = 1;
  style.comma = true;
  style.wide_offset = true;
  if (const auto time = parse(text, style, 'T', true)) {
    return time;
  }
  if (const auto time = parse(text, style, 't', true)) {
    return time;
  }
  if (const auto time = parse(text, style, ' ', false)) {
    return time;
  }
  Reader reader(text);
  const Date date = read_date(reader, style);
  if (!reader.ok() || !reader.empty()) {
    return std::nullopt;
  }
  Timestamp midnight;
  midnight.seconds = days_from_date(date.year, date.month, date.day) * kSecondsPerDay;
  return midnight;
}

Calendar calendar_of(const Timestamp& time) {
  const std::int64_t local = time.seconds + time.offset;
  std::int64_t days = local / kSecondsPerDay;
  std::int64_t rest = local % kSecondsPerDay;
  if (rest < 0) {
    rest += kSecondsPerDay;
    --days;
  }
  Calendar calendar;
  calendar.hour = static_cast<int>(rest / 3600);
  calendar.minute = static_cast<int>(rest / 60 % 60);
  calendar.second = static_cast<int>(rest % 60);
  calendar.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  // The inverse of days_from_date.
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  calendar.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  calendar.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  calendar.year = year_of_era + era * 400 + (calendar.month <= 2 ? 1 : 0);
  return calendar;
}

std::string offset_text(const Timestamp& time, bool colon) {
  const std::int32_t minutes = (time.offset < 0 ? -time.offset : time.offset) / 60;
  std::string out = time.offset < 0 ? "-" : "+";
  append_number(out, minutes / 60, 2);
  out += colon ? ":" : "";
  append_number(out, minutes % 60, 2);
  return out;
}

std::string to_text(const Timestamp& time) {
  const Calendar calendar = calendar_of(time);
  std::string out;
  append_number(out, calendar.year, 4);
  out += '-';
  append_number(out, calendar.month, 2);
  out += '-';
  append_number(out, calendar.day, 2);
  out += 'T';
  append_number(out, calendar.hour, 2);
  out += ':';
  append_number(out, calendar.minute, 2);
  out += ':';
  append_number(out, calendar.second, 2);
  return out + (time.offset == 0 ? "Z" : offset_text(time, true));
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  // Go computes the magnitude in 64 bits, of which 2^63 is only fit for a negative duration.
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 63U;
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text == "0") {
    return 0;
  }
  if (text.empty()) {
    return std::nullopt;
  }
  std::uint64_t total = 0;
  while (!text.empty()) {
    std::uint64_t value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) {
      if (value > kLimit / 10) {
        return std::nullopt;
      }
      value = value * 10 + static_cast<std::uint64_t>(text[digits] - '0');
      if (value > kLimit) {
        return std::nullopt;
      }
      ++digits;
    }
    text.remove_prefix(digits);
    std::uint64_t fraction = 0;
    double scale = 1;
    std::size_t fraction_digits = 0;
    if (!text.empty() && text.front() == '.') {
      text.remove_prefix(1);
      bool full = false;
      while (fraction_digits < text.size() && is_digit(text[fraction_digits])) {
        const auto digit = static_cast<std::uint64_t>(text[fraction_digits] - '0');
        ++fraction_digits;
        full = full || fraction > (kLimit - 1) / 10 || fraction * 10 + digit > kLimit;
        if (!full) {
          fraction = fraction * 10 + digit;
          scale *= 10;
        }
      }
      text.remove_prefix(fraction_digits);
    }
    if (digits == 0 && fraction_digits == 0) {
      return std::nullopt;
    }
    std::size_t length = 0;
    while (length < text.size() && text[length] != '.' && !is_digit(text[length])) {
      ++length;
    }
    const auto unit = unit_of(text.substr(0, length));
    if (!unit) {
      return std::nullopt;
    }
    text.remove_prefix(length);
    const auto factor = static_cast<std::uint64_t>(*unit);
    if (value > kLimit / factor) {
      return std::nullopt;
    }
    value *= factor;
    if (fraction > 0) {
      value += static_cast<std::uint64_t>(static_cast<double>(fraction) * (static_cast<double>(factor) / scale));
    }
    total += value;
    if (value > kLimit || total > kLimit) {
      return std::nullopt;
    }
  }
  if (negative) {
    return total == kLimit ? std::numeric_limits<std::int64_t>::min() : -static_cast<std::int64_t>(total);
  }
  if (total >= kLimit) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(total);
}

Timestamp add(const Timestamp& time, std::int64_t nanoseconds) {
  Timestamp result = time;
  result.seconds += nanoseconds / kNanosecondsPerSecond;
  std::int64_t rest = time.nanoseconds + nanoseconds % kNanosecondsPerSecond;
  if (rest < 0) {
    rest += kNanosecondsPerSecond;
    --result.seconds;
  } else if (rest >= kNanosecondsPerSecond) {
    rest -= kNanosecondsPerSecond;
    ++result.seconds;
  }
  result.nanoseconds = static_cast<std::int32_t>(rest);
  return result;
}

}  // namespace gabion::eval::functions
