// Places in a text as editors count them: lines that end with "\n", "\r\n" or "\r", and characters of a line in the
// units that client and server agreed on. Documents and everything that is sent to the client go through here; any
// position is understood, those beyond the text as its nearest end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace gabion::lsp {

/// What a character is: a byte, a unit of UTF-16, a code point.
enum class Encoding : std::uint8_t { kUtf8, kUtf16, kUtf32 };

/// "utf-8", "utf-16", "utf-32".
[[nodiscard]] std::string_view name(Encoding encoding);

/// Both count from 0.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

struct Range {
  Position start;
  Position end;
  friend constexpr bool operator==(const Range&, const Range&) = default;
};

[[nodiscard]] nlohmann::json to_json(const Range& range);
/// Nothing when it is none.
[[nodiscard]] std::optional<Position> position_from(const nlohmann::json& value);
[[nodiscard]] std::optional<Range> range_from(const nlohmann::json& value);

/// Translates between byte offsets and positions of one text, which it borrows.
class Positions {
 public:
  /// `hides_mark`: editors do not show a byte order mark at the start, so it takes no place in the first line.
  Positions(std::string_view text, Encoding encoding, bool hides_mark = false);

  /// Offsets past the end give the end's position; offsets inside of a character that of its start.
  [[nodiscard]] Position position(std::size_t offset) const;
  [[nodiscard]] Range range(std::size_t begin, std::size_t end) const { return {position(begin), position(end)}; }
  /// Characters past the end of a line give its end, lines past the last one the end of the text; a position inside of
  /// a character that of its start.
  [[nodiscard]] std::size_t offset(Position position) const;

 private:
  [[nodiscard]] std::size_t end_of_line(std::size_t line) const;

  std::string_view text_;
  Encoding encoding_;
  std::vector<std::size_t> starts_;  ///< of lines; the first one behind a hidden mark
};

}  // namespace gabion::lsp
