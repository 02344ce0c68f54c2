// Functions over points in time. The present (timestamp, plantimestamp) is unknown to an analysis.
#include <array>
#include <optional>
#include <string>

#include "eval/functions/support.h"
#include "eval/functions/timestamp.h"
#include "source/ascii.h"

namespace gabion::eval {

namespace functions {
namespace {

using source::is_letter;

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

std::string padded(std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

/// A number with one or two letters.
std::optional<std::string> plain_or_two(std::int64_t value, std::size_t letters) {
  if (letters > 2) {
    return std::nullopt;
  }
  return padded(value, letters);
}

/// Text for a run of equal letters, or nothing when there is no such verb.
std::optional<std::string> expand_verb(char letter, std::size_t count, const Timestamp& time) {
  const Calendar calendar = calendar_of(time);
  switch (letter) {
    case 'Y':
      if (count == 2) {
        return padded(calendar.year % 100, 2);
      }
      return count == 4 ? std::optional(padded(calendar.year, 4)) : std::nullopt;
    case 'M': {
      const std::string_view name = kMonths[static_cast<std::size_t>(calendar.month - 1)];
      if (count == 3 || count == 4) {
        return std::string(count == 3 ? name.substr(0, 3) : name);
      }
      return plain_or_two(calendar.month, count);
    }
    case 'D':
      return plain_or_two(calendar.day, count);
    case 'E': {
      const std::string_view name = kDays[static_cast<std::size_t>(calendar.weekday)];
      if (count != 3 && count != 4) {
        return std::nullopt;
      }
      return std::string(count == 3 ? name.substr(0, 3) : name);
    }
    case 'h':
      return plain_or_two(calendar.hour, count);
    case 'H':
      return plain_or_two(calendar.hour % 12 == 0 ? 12 : calendar.hour % 12, count);
    case 'A':
    case 'a':
      if (count != 2) {
        return std::nullopt;
      }
      return letter == 'A' ? (calendar.hour < 12 ? "AM" : "PM") : (calendar.hour < 12 ? "am" : "pm");
    case 'm':
      return plain_or_two(calendar.minute, count);
    case 's':
      return plain_or_two(calendar.second, count);
    case 'Z':
      switch (count) {
        case 1:
          return time.offset == 0 ? "Z" : offset_text(time, true);
        case 3:
          return time.offset == 0 ? "UTC" : offset_text(time, false);
        case 4:
          return offset_text(time, false);
        case 5:
          return offset_text(time, true);
        default:
          return std::nullopt;
      }
    default:
      return std::nullopt;
  }
}

Value formatdate(const Call& call, Context& context) {
  const std::string_view format = call.arguments[0].text();
  const auto time = parse_strict(call.arguments[1].text());
  if (!time) {
    return argument_error(call, 1, "not a valid RFC3339 timestamp", context);
  }
  std::string out;
  for (std::size_t at = 0; at < format.size();) {
    const char c = format[at];
    if (c == '\'') {
      if (format.substr(at + 1).starts_with('\'')) {
        out += '\'';
        at += 2;
        continue;
      }
      // Literal text up to the next single quote; a doubled one stands for itself.
      bool closed = false;
      for (++at; at < format.size() && !closed; ++at) {
        if (format[at] != '\'') {
          out += format[at];
        } else if (format.substr(at + 1).starts_with('\'')) {
          out += '\'';
          ++at;
        } else {
          closed = true;
        }
      }
      if (!closed) {
        return argument_error(call, 0, "unterminated literal '", context);
      }
      continue;
    }
    if (!is_letter(c)) {
      out += c;
      ++at;
      continue;
    }
    std::size_t count = 1;
    while (at + count < format.size() && format[at + count] == c) {
      ++count;
    }
    const auto text = expand_verb(c, count, *time);
    if (!text) {
      return argument_error(call, 0, "invalid date format verb \"" + std::string(count, c) + "\"", context);
    }
    out += *text;
    at += count;
  }
  return text_result(call, out, context);
}

Value timeadd(const Call& call, Context& context) {
  const auto time = parse_strict(call.arguments[0].text());
  if (!time) {
    return argument_error(call, 0, "not a valid RFC3339 timestamp", context);
  }
  const auto duration = parse_duration(call.arguments[1].text());
  if (!duration) {
    return argument_error(call, 1, "not a valid duration: " + describe(call.arguments[1]), context);
  }
  return text_result(call, to_text(add(*time, *duration)), context);
}

Value timecmp(const Call& call, Context& context) {
  std::optional<Timestamp> times[2];
  for (std::size_t i = 0; i < 2; ++i) {
    times[i] = parse_lenient(call.arguments[i].text());
    if (!times[i]) {
      return argument_error(call, i, "not a valid RFC3339 timestamp", context);
    }
  }
  const auto order = times[0]->compare(*times[1]);
  return make_number(context.arena, std::int64_t{order < 0 ? -1 : (order > 0 ? 1 : 0)});
}

constexpr Parameter kFormat[] = {{.name = "format", .type = &kStringType}, {.name = "time", .type = &kStringType}};
constexpr Parameter kAdd[] = {{.name = "timestamp", .type = &kStringType}, {.name = "duration", .type = &kStringType}};
constexpr Parameter kCompare[] = {{.name = "timestamp_a", .type = &kStringType},
                                  {.name = "timestamp_b", .type = &kStringType}};

constexpr Builtin kTable[] = {
    {.name = "formatdate", .parameters = kFormat, .result = &kStringType, .call = &formatdate},
    {.name = "plantimestamp", .parameters = {}, .result = &kStringType, .pure = false},
    {.name = "timeadd", .parameters = kAdd, .result = &kStringType, .call = &timeadd},
    {.name = "timecmp", .parameters = kCompare, .result = &kNumberType, .call = &timecmp},
    {.name = "timestamp", .parameters = {}, .result = &kStringType, .pure = false},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> time_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
