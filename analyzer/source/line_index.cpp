#include "source/line_index.h"

#include <algorithm>
#include <cstring>

namespace gabion::source {

LineIndex::LineIndex(std::string_view text) : text_(text) {
  starts_.push_back(0);
  const char* const data = text.data();
  std::size_t at = 0;
  while (at < text.size()) {
    const void* found = std::memchr(data + at, '\n', text.size() - at);
    if (found == nullptr) {
      break;
    }
    at = static_cast<std::size_t>(static_cast<const char*>(found) - data) + 1;
    starts_.push_back(static_cast<std::uint32_t>(at));
  }
}

std::uint32_t LineIndex::line(std::uint32_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return static_cast<std::uint32_t>(after - starts_.begin());
}

Position LineIndex::position(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const std::uint32_t number = line(offset);
  std::uint32_t column = 1;
  for (std::uint32_t at = starts_[number - 1]; at < offset; ++at) {
    // Continuation bytes of UTF-8 do not start a character.
    if ((static_cast<unsigned char>(text_[at]) & 0xC0U) != 0x80U) {
      ++column;
    }
  }
  return {number, column};
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
