#include "lsp/positions.h"

#include <algorithm>

#include "lsp/message.h"
#include "report/unicode.h"
#include "source/text.h"

namespace gabion::lsp {
namespace {

std::uint32_t units(std::uint32_t size, Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return size;
    case Encoding::kUtf16:
      return size == 4 ? 2 : 1;
    case Encoding::kUtf32:
      break;
  }
  return 1;
}

}  // namespace

std::string_view name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "utf-8";
    case Encoding::kUtf16:
      return "utf-16";
    case Encoding::kUtf32:
      break;
  }
  return "utf-32";
}

nlohmann::json to_json(const Range& range) {
  return {{"start", {{"line", range.start.line}, {"character", range.start.character}}},
          {"end", {{"line", range.end.line}, {"character", range.end.character}}}};
}

std::optional<Position> position_from(const nlohmann::json& value) {
  const auto line = number_member(value, "line");
  const auto character = number_member(value, "character");
  if (!line || !character || *line < 0 || *character < 0) {
    return std::nullopt;
  }
  return Position{static_cast<std::uint32_t>(*line), static_cast<std::uint32_t>(*character)};
}

std::optional<Range> range_from(const nlohmann::json& value) {
  const auto start = position_from(member(value, "start"));
  const auto end = position_from(member(value, "end"));
  return start && end ? std::optional(Range{*start, *end}) : std::nullopt;
}

Positions::Positions(std::string_view text, Encoding encoding, bool hides_mark) : text_(text), encoding_(encoding) {
  starts_.push_back(hides_mark ? source::utf8_mark_size(text) : 0);
  for (std::size_t at = text.find_first_of("\r\n"); at != std::string_view::npos; at = text.find_first_of("\r\n", at)) {
    at += text.substr(at).starts_with("\r\n") ? 2 : 1;
    starts_.push_back(at);
  }
}

std::size_t Positions::end_of_line(std::size_t line) const {
  if (line + 1 >= starts_.size()) {
    return text_.size();
  }
  const std::size_t next = starts_[line + 1];
  const bool two = next >= 2 && text_[next - 1] == '\n' && text_[next - 2] == '\r';
  return next - (two ? 2 : 1);
}

Position Positions::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  if (next == starts_.begin()) {
    return {};  // in the mark
  }
  const auto line = static_cast<std::size_t>(next - starts_.begin() - 1);
  const std::size_t end = std::min(offset, end_of_line(line));
  Position result{static_cast<std::uint32_t>(line), 0};
  for (std::size_t at = starts_[line]; at < end;) {
    const std::uint32_t size = report::code_point_at(text_, at).size;
    if (at + size > end) {
      break;
    }
    result.character += units(size, encoding_);
    at += size;
  }
  return result;
}

std::size_t Positions::offset(Position position) const {
  if (position.line >= starts_.size()) {
    return text_.size();
  }
  const std::size_t end = end_of_line(position.line);
  std::size_t at = starts_[position.line];
  for (std::uint32_t left = position.character; left > 0 && at < end;) {
    const std::uint32_t size = report::code_point_at(text_, at).size;
    const std::uint32_t width = units(size, encoding_);
    if (width > left) {
      break;
    }
    left -= width;
    at += size;
  }
  return at;
}

}  // namespace gabion::lsp
