// Line and column of byte offsets, built once per artifact when something is printed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gabion::source {

/// A place as people read it. Both are 1-based; the column counts Unicode code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

/// Offsets of line starts of one text. "\n" and "\r\n" end lines; a lone "\r" does not.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  /// Position of a byte offset; offsets past the end give the end's position.
  [[nodiscard]] Position position(std::uint32_t offset) const;
  /// 1-based line of a byte offset.
  [[nodiscard]] std::uint32_t line(std::uint32_t offset) const;
  /// Text of a 1-based line without its line end; empty for lines that do not exist.
  [[nodiscard]] std::string_view text_of_line(std::uint32_t line) const;
  /// Offset of the first byte of a 1-based line (the text's size for lines past the end).
  [[nodiscard]] std::uint32_t begin_of_line(std::uint32_t line) const;
  [[nodiscard]] std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }

 private:
  void count_characters();
  [[nodiscard]] std::uint32_t characters_between(std::uint32_t from, std::uint32_t to) const;

  std::string_view text_;
  std::vector<std::uint32_t> starts_;
  /// Characters before each multiple of so many bytes; only where lines are so long that columns take long to count.
  std::vector<std::uint32_t> counted_;
};

}  // namespace gabion::source
