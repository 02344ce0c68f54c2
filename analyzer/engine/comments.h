// The comments of a text in HCL syntax. Used for suppressions; the parser drops comments.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gabion::engine {

/// A line of a comment: offsets of the whole comment, and the words of this line without marks and blanks around.
struct CommentLine {
  std::uint32_t begin = 0;  ///< of the comment
  std::uint32_t end = 0;    ///< of the comment, without its line end
  std::uint32_t text_begin = 0;
  std::string_view text;
  bool alone = false;  ///< nothing but blanks shares the comment's lines
};

/// All lines of all comments, in order. Marks in strings and heredocs are no comments.
[[nodiscard]] std::vector<CommentLine> comment_lines(std::string_view text);

}  // namespace gabion::engine
