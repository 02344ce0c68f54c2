#include "secrets/redactor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "source/ascii.h"

namespace gabion::secrets {
namespace {

constexpr std::size_t kHead = 4;
/// A secret that was cut off is known by so many of its bytes.
constexpr std::size_t kLeastPart = 10;

std::uint32_t head_of(std::string_view text) {
  std::uint32_t head = 0;
  for (std::size_t i = 0; i < kHead; ++i) {
    head = (head << 8U) | static_cast<unsigned char>(text[i]);
  }
  return head;
}

std::size_t pair_of(char first, char second) {
  return static_cast<std::size_t>(static_cast<unsigned char>(first)) << 8U | static_cast<unsigned char>(second);
}

bool is_word(char c) {
  return source::is_alphanumeric(c) || c == '_';
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

/// Is the value a common word? Then only what stands as a value, behind a quote or an equals sign, is it.
bool is_common(std::string_view value) {
  constexpr std::size_t kLongestWord = 12;
  return value.size() <= kLongestWord && is_made_of_words(value);
}

/// Is what stands there the value, and not a part of something longer that happens to hold it?
bool stands_alone(std::string_view text, std::size_t begin, std::size_t size) {
  const std::string_view value = text.substr(begin, size);
  const char before = begin > 0 ? text[begin - 1] : '"';
  const char after = begin + size < text.size() ? text[begin + size] : '"';
  if (is_common(value)) {
    constexpr std::string_view kBefore = "\"'=";
    return kBefore.find(before) != std::string_view::npos && !is_word(after);
  }
  constexpr std::size_t kUnmistakable = 8;
  return size >= kUnmistakable || (!is_word(before) && !is_word(after));
}

/// Escapes of JSON and of HCL's quoted strings, as they stand in files.
std::string escaped(std::string_view value) {
  std::string result;
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result;
}

}  // namespace

void Redactor::add(std::string_view value) {
  if (value.find('\n') == std::string_view::npos) {
    add_line(value);
    return;
  }
  constexpr std::size_t kShortestLine = 12;
  std::size_t begin = 0;
  while (begin < value.size()) {
    const std::size_t end = std::min(value.find('\n', begin), value.size());
    const std::string_view line = trim(value.substr(begin, end - begin));
    // Header and footer of a key say nothing.
    if (line.size() >= kShortestLine && !line.starts_with("-----")) {
      add_line(line);
    }
    begin = end + 1;
  }
}

void Redactor::add_line(std::string_view line) {
  if (line.size() < kHead) {
    return;
  }
  const auto add = [&](std::string value) {
    heads_.insert(head_of(value));
    for (std::size_t i = 0; i + 1 < kHead; ++i) {
      pairs_.set(pair_of(value[i], value[i + 1]));
    }
    sizes_.insert(value.size());
    values_.insert(std::move(value));
  };
  add(std::string(line));
  if (line.find_first_of("\"\\") != std::string_view::npos) {
    add(escaped(line));
  }
}

/// Length of the secret, or of the beginning of one that was cut off, that stands at the offset; 0 when none does.
std::size_t Redactor::match(std::string_view text, std::size_t begin) const {
  const std::string_view rest = text.substr(begin);
  if (!heads_.contains(head_of(rest))) {
    return 0;
  }
  // What agrees with the text longest stands next to it in order.
  std::size_t longest = 0;
  std::size_t part = 0;
  const auto consider = [&](std::string_view value) {
    const auto differ = std::ranges::mismatch(value, rest);
    const auto same = static_cast<std::size_t>(differ.in1 - value.begin());
    longest = std::max(longest, same);
    const std::string_view after = rest.substr(same);
    // A sentence may end in a common word with which a secret begins.
    const bool word = is_common(value.substr(0, same)) && !stands_alone(text, begin, same);
    const bool cut = (after.empty() && !word) || after.starts_with("...") || after.starts_with(" ...");
    if (same < value.size() &&
        ((cut && same >= kHead) || (same >= kLeastPart && (same * 2 >= value.size() || same >= 2 * kLeastPart)))) {
      part = std::max(part, same);
    }
  };
  const auto next = values_.lower_bound(rest);
  if (next != values_.end()) {
    consider(*next);
  }
  if (next != values_.begin()) {
    consider(*std::prev(next));
  }
  for (auto size = sizes_.lower_bound(longest); size != sizes_.end(); ++size) {
    const std::string_view value = rest.substr(0, *size);
    if (values_.contains(value) && stands_alone(text, begin, *size)) {
      return std::max(part, *size);
    }
  }
  return part;
}

std::vector<source::TextSpan> Redactor::hidden(std::string_view text) const {
  std::vector<source::TextSpan> found;
  if (!heads_.empty() && text.size() >= kHead) {
    // A value that begins at one of so many places in a row has two of its first bytes at the last of them.
    constexpr std::size_t kStride = kHead - 1;
    for (std::size_t at = 0; at + kHead <= text.size();) {
      const std::size_t last = at + kStride - 1;
      if (!pairs_.test(pair_of(text[last], text[last + 1]))) {
        at += kStride;
        continue;
      }
      const std::size_t end = at + kStride;
      while (at < end && at + kHead <= text.size()) {
        const std::size_t size = pairs_.test(pair_of(text[at], text[at + 1])) ? match(text, at) : 0;
        if (size > 0) {
          found.push_back({at, at + size});
        }
        at += std::max<std::size_t>(size, 1);
      }
    }
  }
  if (detector_.may_hold(text)) {
    for (const Token& token : detector_.written(text)) {
      found.push_back({token.begin, token.end});
    }
    std::ranges::sort(found, {}, &source::TextSpan::begin);
    std::vector<source::TextSpan> joined;
    for (const source::TextSpan& span : found) {
      if (!joined.empty() && span.begin <= joined.back().end) {
        joined.back().end = std::max(joined.back().end, span.end);
      } else {
        joined.push_back(span);
      }
    }
    found = std::move(joined);
  }
  return found;
}

bool Redactor::apply(std::string& text) const {
  if (hidden(text).empty()) {
    return false;
  }
  text = source::shown(text, this);
  return true;
}

}  // namespace gabion::secrets
