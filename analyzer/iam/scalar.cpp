#include "iam/scalar.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <vector>

#include "iam/text.h"
#include "source/ascii.h"

namespace gabion::iam {

namespace {

using source::is_digit;

/// Longest exponent that is written out; beyond it the text is not taken as a number.
constexpr int kMaxExponent = 400;

std::size_t digits_at(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && is_digit(text[end])) {
    ++end;
  }
  return end - from;
}

Decimal normalise(bool negative, std::string whole, std::string fraction) {
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  while (!fraction.empty() && fraction.back() == '0') {
    fraction.pop_back();
  }
  if (whole.empty() && fraction.empty()) {
    negative = false;
  }
  return {negative, std::move(whole), std::move(fraction)};
}

std::strong_ordering compare_magnitude(const Decimal& a, const Decimal& b) {
  if (a.whole.size() != b.whole.size()) {
    return a.whole.size() <=> b.whole.size();
  }
  if (const int order = a.whole.compare(b.whole); order != 0) {
    return order <=> 0;
  }
  // Without trailing zeros the order of fractions is the order of their texts.
  return a.fraction.compare(b.fraction) <=> 0;
}

/// Shifts the decimal point to the right.
Decimal scale(const Decimal& value, int exponent) {
  std::string whole = value.whole;
  std::string fraction = value.fraction;
  for (; exponent > 0; --exponent) {
    whole += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) {
      fraction.erase(0, 1);
    }
  }
  for (; exponent < 0; ++exponent) {
    fraction.insert(fraction.begin(), whole.empty() ? '0' : whole.back());
    if (!whole.empty()) {
      whole.pop_back();
    }
  }
  return normalise(value.negative, std::move(whole), std::move(fraction));
}

/// Digits of |value| with `places` digits after the point, as an integer text.
std::string fixed(const Decimal& value, std::size_t places) {
  std::string out = value.whole + value.fraction.substr(0, std::min(places, value.fraction.size()));
  out.append(places - std::min(places, value.fraction.size()), '0');
  return out;
}

/// Adds one unit of the last place to a number of that many places, away from zero.
Decimal increase_magnitude(const Decimal& value, std::size_t places) {
  std::string digits = fixed(value, places);
  std::size_t i = digits.size();
  while (i > 0 && digits[i - 1] == '9') {
    digits[--i] = '0';
  }
  if (i == 0) {
    digits.insert(digits.begin(), '1');
  } else {
    ++digits[i - 1];
  }
  while (digits.size() < places) {
    digits.insert(digits.begin(), '0');
  }
  return normalise(value.negative, digits.substr(0, digits.size() - places), digits.substr(digits.size() - places));
}

/// Cuts after that many places, towards zero.
Decimal truncate(const Decimal& value, std::size_t places) {
  return normalise(value.negative, value.whole, value.fraction.substr(0, std::min(places, value.fraction.size())));
}

Decimal negate(Decimal value) {
  value.negative = !value.negative && !(value.whole.empty() && value.fraction.empty());
  return value;
}

/// Smallest number of few places above `low`.
Decimal above(const Decimal& low, std::size_t places) {
  if (!low.negative) {
    return increase_magnitude(truncate(low, places), places);
  }
  const Decimal cut = truncate(low, places);  // towards zero, so it is >= low
  if (cut > low) {
    return cut;
  }
  // cut == low: one unit towards zero.
  std::string digits = fixed(cut, places);
  std::size_t i = digits.size();
  while (i > 0 && digits[i - 1] == '0') {
    digits[--i] = '9';
  }
  if (i > 0) {
    --digits[i - 1];
  }
  return normalise(true, digits.substr(0, digits.size() - places), digits.substr(digits.size() - places));
}

// ---- Dates. ----

constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

constexpr unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr std::array<unsigned, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

/// Reads a fixed number of digits and moves on.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count) {
  if (digits_at(text, 0) < count) {
    return std::nullopt;
  }
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + count, value);
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

std::uint32_t nanoseconds_of(std::string_view fraction) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    value = value * 10 + (i < fraction.size() ? static_cast<std::uint32_t>(fraction[i] - '0') : 0U);
  }
  return value;
}

/// Offset from UTC in seconds: "Z", "+02:00", "+0200", "+02"; nothing behind it.
std::optional<std::int64_t> take_zone(std::string_view text) {
  if (text == "Z" || text == "z" || text.empty()) {
    return 0;
  }
  const bool negative = text.front() == '-';
  if (!negative && text.front() != '+') {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours) {
    return std::nullopt;
  }
  unsigned minutes = 0;
  if (!text.empty()) {
    take(text, ':');
    const auto read = take_digits(text, 2);
    if (!read || !text.empty()) {
      return std::nullopt;
    }
    minutes = *read;
  }
  const std::int64_t offset = std::int64_t{*hours} * 3600 + std::int64_t{minutes} * 60;
  return negative ? -offset : offset;
}

std::optional<Instant> parse_epoch(std::string_view text) {
  const bool negative = take(text, '-');
  const std::size_t whole = digits_at(text, 0);
  if (whole == 0 || whole > 15) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + whole, seconds);
  text.remove_prefix(whole);
  std::uint32_t nanoseconds = 0;
  if (take(text, '.')) {
    const std::size_t count = digits_at(text, 0);
    if (count == 0) {
      return std::nullopt;
    }
    nanoseconds = nanoseconds_of(text.substr(0, count));
    text.remove_prefix(count);
  }
  if (!text.empty()) {
    return std::nullopt;
  }
  if (negative) {
    seconds = -seconds;
    if (nanoseconds != 0) {
      --seconds;
      nanoseconds = 1'000'000'000U - nanoseconds;
    }
  }
  return Instant{seconds, nanoseconds};
}

// ---- Addresses. ----

std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) {
  std::array<std::uint8_t, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t count = digits_at(text, 0);
    if (count == 0 || count > 3 || (count > 1 && text.front() == '0')) {
      return std::nullopt;
    }
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + count, value);
    if (value > 255) {
      return std::nullopt;
    }
    out[i] = static_cast<std::uint8_t>(value);
    text.remove_prefix(count);
    if (i < 3 && !take(text, '.')) {
      return std::nullopt;
    }
  }
  return text.empty() ? std::optional(out) : std::nullopt;
}

/// Groups of an IPv6 text on one side of "::"; a dotted IPv4 may end it.
std::optional<std::vector<std::uint16_t>> parse_groups(std::string_view text) {
  std::vector<std::uint16_t> groups;
  while (!text.empty()) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view part = text.substr(0, colon);
    if (part.find('.') != std::string_view::npos) {
      const auto v4 = parse_v4(part);
      if (!v4 || colon != text.size()) {
        return std::nullopt;
      }
      groups.push_back(static_cast<std::uint16_t>((*v4)[0] << 8U | (*v4)[1]));
      groups.push_back(static_cast<std::uint16_t>((*v4)[2] << 8U | (*v4)[3]));
      return groups;
    }
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, 16);
    if (part.empty() || part.size() > 4 || error != std::errc{} || end != part.data() + part.size()) {
      return std::nullopt;
    }
    groups.push_back(value);
    text.remove_prefix(colon);
    if (!text.empty()) {
      text.remove_prefix(1);
      if (text.empty()) {
        return std::nullopt;
      }
    }
  }
  return groups;
}

std::optional<Address> parse_v6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const auto head = parse_groups(text.substr(0, std::min(gap, text.size())));
  const auto tail =
      gap == std::string_view::npos ? std::optional(std::vector<std::uint16_t>{}) : parse_groups(text.substr(gap + 2));
  if (!head || !tail) {
    return std::nullopt;
  }
  const std::size_t count = head->size() + tail->size();
  if (gap == std::string_view::npos ? count != 8 : count > 7) {
    return std::nullopt;
  }
  Address out;
  out.v6 = true;
  const auto put = [&out](std::size_t group, std::uint16_t value) {
    out.bytes[group * 2] = static_cast<std::uint8_t>(value >> 8U);
    out.bytes[group * 2 + 1] = static_cast<std::uint8_t>(value & 0xFFU);
  };
  for (std::size_t i = 0; i < head->size(); ++i) {
    put(i, (*head)[i]);
  }
  for (std::size_t i = 0; i < tail->size(); ++i) {
    put(8 - tail->size() + i, (*tail)[i]);
  }
  return out;
}

}  // namespace

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) {
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.negative ? compare_magnitude(b, a) : compare_magnitude(a, b);
}

std::optional<Decimal> parse_decimal(std::string_view text, OpenPoints alternatives, OpenPoints* touched) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative || (!rest.empty() && rest.front() == '+')) {
    rest.remove_prefix(1);
  }
  const std::size_t whole_digits = digits_at(rest, 0);
  std::string whole(rest.substr(0, whole_digits));
  rest.remove_prefix(whole_digits);
  std::string fraction;
  if (rest.size() > 1 && rest.front() == '.' && is_digit(rest[1])) {
    const std::size_t count = digits_at(rest, 1);
    fraction = rest.substr(1, count);
    rest.remove_prefix(count + 1);
  }
  if (whole.empty()) {
    return std::nullopt;
  }
  const Decimal number = normalise(negative, std::move(whole), std::move(fraction));
  if (rest.empty()) {
    return number;
  }
  if (rest.front() == 'e' || rest.front() == 'E') {
    const char* from = rest.data() + 1;
    const char* end = rest.data() + rest.size();
    if (from != end && *from == '+') {
      ++from;
    }
    int exponent = 0;
    const auto [stop, error] = std::from_chars(from, end, exponent);
    if (error == std::errc{} && stop == end && exponent <= kMaxExponent && exponent >= -kMaxExponent) {
      if (touched != nullptr) {
        touched->add(OpenPoint::kNumLexExp);
      }
      if (alternatives.has(OpenPoint::kNumLexExp)) {
        return scale(number, exponent);
      }
    }
  }
  if (touched != nullptr) {
    touched->add(OpenPoint::kNumLexLenient);
  }
  return alternatives.has(OpenPoint::kNumLexLenient) ? std::optional(number) : std::nullopt;
}

std::string to_string(const Decimal& value) {
  std::string out = value.negative ? "-" : "";
  out += value.whole.empty() ? "0" : value.whole;
  if (!value.fraction.empty()) {
    out += '.';
    out += value.fraction;
  }
  return out;
}

Decimal between(const std::optional<Decimal>& low, const std::optional<Decimal>& high) {
  if (!low && !high) {
    return {};
  }
  if (!low) {
    return negate(between(negate(*high), std::nullopt));
  }
  const std::size_t most = std::max(low->fraction.size(), high ? high->fraction.size() : 0) + 1;
  for (std::size_t places = 0; places <= most; ++places) {
    Decimal candidate = above(*low, places);
    if (!high || candidate < *high) {
      return candidate;
    }
  }
  return *low;  // only when low >= high
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (const auto epoch = parse_epoch(text)) {
    return epoch;
  }
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) {
    return std::nullopt;
  }
  const auto month = take_digits(text, 2);
  if (!month || *month < 1 || *month > 12) {
    return std::nullopt;
  }
  unsigned day = 1;
  if (take(text, '-')) {
    const auto read = take_digits(text, 2);
    if (!read || *read < 1 || *read > days_in_month(*year, *month)) {
      return std::nullopt;
    }
    day = *read;
  }
  Instant out{days_from_civil(*year, *month, day) * 86400, 0};
  if (text.empty()) {
    return out;
  }
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) {
    return std::nullopt;
  }
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 24 || !take(text, ':')) {
    return std::nullopt;
  }
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) {
    return std::nullopt;
  }
  unsigned second = 0;
  if (take(text, ':')) {
    const auto read = take_digits(text, 2);
    if (!read || *read > 60) {
      return std::nullopt;
    }
    second = *read;
    if (take(text, '.')) {
      const std::size_t count = digits_at(text, 0);
      if (count == 0) {
        return std::nullopt;
      }
      out.nanoseconds = nanoseconds_of(text.substr(0, count));
      text.remove_prefix(count);
    }
  }
  const auto zone = take_zone(text);
  if (!zone) {
    return std::nullopt;
  }
  out.seconds += std::int64_t{*hour} * 3600 + std::int64_t{*minute} * 60 + second - *zone;
  return out;
}

std::string to_string(const Instant& value) {
  std::int64_t days = value.seconds / 86400;
  std::int64_t left = value.seconds % 86400;
  if (left < 0) {
    left += 86400;
    --days;
  }
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 0 || year > 9999) {
    return std::to_string(value.seconds);
  }
  const auto padded = [](std::int64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
  };
  std::string out = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" + padded(left / 3600, 2) +
                    ":" + padded(left / 60 % 60, 2) + ":" + padded(left % 60, 2);
  if (value.nanoseconds != 0) {
    std::string fraction = padded(value.nanoseconds, 9);
    while (fraction.back() == '0') {
      fraction.pop_back();
    }
    out += "." + fraction;
  }
  return out + "Z";
}

std::optional<Address> parse_address(std::string_view text) {
  if (text.find(':') != std::string_view::npos) {
    return parse_v6(text);
  }
  const auto v4 = parse_v4(text);
  if (!v4) {
    return std::nullopt;
  }
  Address out;
  std::ranges::copy(*v4, out.bytes.begin() + 12);
  return out;
}

std::string to_string(const Address& value) {
  std::string out;
  if (!value.v6) {
    for (std::size_t i = 12; i < 16; ++i) {
      out += (i == 12 ? "" : ".") + std::to_string(value.bytes[i]);
    }
    return out;
  }
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<unsigned>(value.bytes[i * 2]) << 8U | value.bytes[i * 2 + 1];
  }
  std::size_t best = 0;
  std::size_t best_length = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) {
      ++length;
    }
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (best_length > 1 && i == best) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') {
      out += ':';
    }
    std::array<char, 8> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
    out.append(digits.data(), end);
  }
  return out;
}

std::optional<Address> next(Address value) {
  for (std::size_t i = 16; i > (value.v6 ? 0U : 12U); --i) {
    if (++value.bytes[i - 1] != 0) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<Address> previous(Address value) {
  for (std::size_t i = 16; i > (value.v6 ? 0U : 12U); --i) {
    if (value.bytes[i - 1]-- != 0) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<AddressRange> parse_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, std::min(slash, text.size())));
  if (!address) {
    return std::nullopt;
  }
  const unsigned bits = address->v6 ? 128 : 32;
  unsigned prefix = bits;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || prefix > bits) {
      return std::nullopt;
    }
  }
  AddressRange out{*address, *address};
  const unsigned skip = 128 - bits;
  for (unsigned bit = skip + prefix; bit < 128; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    out.first.bytes[bit / 8] &= static_cast<std::uint8_t>(~mask);
    out.last.bytes[bit / 8] |= mask;
  }
  return out;
}

std::optional<bool> parse_bool(std::string_view text) {
  if (equal_folded(text, "true")) {
    return true;
  }
  return equal_folded(text, "false") ? std::optional(false) : std::nullopt;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t bits = 0;
    std::size_t padding = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const char c = text[i + j];
      std::uint32_t value = 0;
      if (c >= 'A' && c <= 'Z') {
        value = static_cast<std::uint32_t>(c - 'A');
      } else if (c >= 'a' && c <= 'z') {
        value = static_cast<std::uint32_t>(c - 'a') + 26;
      } else if (is_digit(c)) {
        value = static_cast<std::uint32_t>(c - '0') + 52;
      } else if (c == '+' || c == '-') {
        value = 62;
      } else if (c == '/' || c == '_') {
        value = 63;
      } else if (c == '=' && i + 4 == text.size() && j >= 2) {
        ++padding;
      } else {
        return std::nullopt;
      }
      if (padding > 0 && c != '=') {
        return std::nullopt;
      }
      bits = bits << 6U | value;
    }
    for (std::size_t j = 0; j < 3 - padding; ++j) {
      out += static_cast<char>(bits >> (16U - 8U * j) & 0xFFU);
    }
  }
  return out;
}

}  // namespace gabion::iam
