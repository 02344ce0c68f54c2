#include "source/line_index.h"

#include <algorithm>
#include <cstring>

namespace gabion::source {
namespace {

constexpr std::size_t kCountedBytes = 4096;

/// Continuation bytes of UTF-8 do not start a character.
std::uint32_t characters(std::string_view text) {
  std::uint32_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  }
  return count;
}

}  // namespace

LineIndex::LineIndex(std::string_view text) : text_(text) {
  starts_.push_back(0);
  const char* const data = text.data();
  std::size_t at = 0;
  std::size_t longest = 0;
  while (at < text.size()) {
    const void* found = std::memchr(data + at, '\n', text.size() - at);
    if (found == nullptr) {
      break;
    }
    const std::size_t next = static_cast<std::size_t>(static_cast<const char*>(found) - data) + 1;
    longest = std::max(longest, next - at);
    at = next;
    starts_.push_back(static_cast<std::uint32_t>(at));
  }
  if (std::max(longest, text.size() - at) > kCountedBytes) {
    count_characters();
  }
}

void LineIndex::count_characters() {
  counted_.reserve(text_.size() / kCountedBytes + 1);
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < text_.size(); at += kCountedBytes) {
    counted_.push_back(count);
    count += characters(text_.substr(at, kCountedBytes));
  }
}

std::uint32_t LineIndex::characters_between(std::uint32_t from, std::uint32_t to) const {
  if (counted_.empty()) {
    return characters(text_.substr(from, to - from));
  }
  const auto before = [&](std::size_t offset) {
    const std::size_t block = std::min(offset / kCountedBytes, counted_.size() - 1);
    return counted_[block] + characters(text_.substr(block * kCountedBytes, offset - block * kCountedBytes));
  };
  return before(to) - before(from);
}

std::uint32_t LineIndex::line(std::uint32_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return static_cast<std::uint32_t>(after - starts_.begin());
}

Position LineIndex::position(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const std::uint32_t number = line(offset);
  return {number, 1 + characters_between(starts_[number - 1], offset)};
}

std::uint32_t LineIndex::begin_of_line(std::uint32_t line) const {
  if (line == 0 || line > starts_.size()) {
    return static_cast<std::uint32_t>(text_.size());
  }
  return starts_[line - 1];
}

std::string_view LineIndex::text_of_line(std::uint32_t line) const {
  if (line == 0 || line > starts_.size()) {
    return {};
  }
  const std::uint32_t begin = starts_[line - 1];
  std::uint32_t end = line < starts_.size() ? starts_[line] - 1 : static_cast<std::uint32_t>(text_.size());
  if (end > begin && text_[end - 1] == '\r') {
    --end;
  }
  return text_.substr(begin, end - begin);
}

}  // namespace gabion::source
