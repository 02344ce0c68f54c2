// Questions about the layout of text around an offset: lines, indentation, line ends; and how text is written in
// quotes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gabion::engine {

/// Offset of the first byte of the line that holds an offset.
[[nodiscard]] std::size_t line_begin(std::string_view text, std::size_t offset);
/// Offset of the line feed (or carriage return before it) that ends the line of an offset; size at the end of the text.
[[nodiscard]] std::size_t line_end(std::string_view text, std::size_t offset);
/// Offset of the first byte behind the line of an offset, its end included.
[[nodiscard]] std::size_t next_line(std::string_view text, std::size_t offset);
/// Leading white space of the line that holds an offset.
[[nodiscard]] std::string_view indentation_at(std::string_view text, std::size_t offset);
/// How the line of an offset ends; when it is the last one, how the line before ends.
[[nodiscard]] std::string_view newline_near(std::string_view text, std::size_t offset);
/// One level of indentation as the text has it where a block or an object first opens on several lines; two spaces
/// where none does.
[[nodiscard]] std::string indentation_step(std::string_view text);
/// Offset of the comma behind `at`, blanks and comments between, but before `end`; npos when there is none.
[[nodiscard]] std::size_t comma_behind(std::string_view text, std::size_t at, std::size_t end);
[[nodiscard]] bool only_blank(std::string_view text);
/// Nothing but blanks and one comment of HCL, as the rest of a line may be.
[[nodiscard]] bool only_comment(std::string_view text);

/// Appends a text as it stands inside of a quoted string of HCL or JSON. `templated`: what begins an interpolation or a
/// directive is escaped as well.
void append_escaped(std::string_view text, bool templated, std::string& out);

}  // namespace gabion::engine
