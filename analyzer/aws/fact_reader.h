// Reads the tables of facts that are compiled into the program: numbers, texts, and searching for a name without case.
// Called by the look-ups of this folder only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "aws/fact_format.h"
#include "source/ascii.h"

namespace gabion::aws {

/// A place in a table that moves on as it is read.
class FactCursor {
 public:
  FactCursor(FactBytes bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  [[nodiscard]] std::size_t number();
  [[nodiscard]] unsigned char byte() { return static_cast<unsigned char>(bytes_[at_++]); }
  [[nodiscard]] std::string text();
  /// Reads a text into `out`, whose room is used again.
  void text(std::string& out);
  void append_text(std::string& out);
  void skip_text();
  /// Where the cursor stands.
  [[nodiscard]] std::size_t place() const { return at_; }
  /// Reads a text and tells how it compares with another one, ASCII case folded in both: <0, 0, >0.
  [[nodiscard]] int compare_folded(std::string_view other);

 private:
  FactBytes bytes_;
  std::size_t at_;
};

/// A number of fixed width in a table.
[[nodiscard]] constexpr std::size_t fixed_number(FactBytes table, std::size_t at, std::size_t bytes) {
  std::size_t result = 0;
  for (std::size_t i = bytes; i > 0; --i) {
    result = (result << 8U) | static_cast<unsigned char>(table[at + i - 1]);
  }
  return result;
}
/// Entry of a table of offsets.
[[nodiscard]] constexpr std::size_t offset_at(FactBytes table, std::size_t index) {
  static_assert(kOffsetBytes == 3);
  const char* const at = table.data() + index * kOffsetBytes;
  return static_cast<unsigned char>(at[0]) | std::size_t{static_cast<unsigned char>(at[1])} << 8U |
         std::size_t{static_cast<unsigned char>(at[2])} << 16U;
}

/// First index in [first, last) of a sorted table whose text is not before `text`. The text of an entry is the first of
/// its data.
[[nodiscard]] std::size_t lower_bound_of(FactBytes offsets, FactBytes data, std::size_t first, std::size_t last,
                                         std::string_view text);

[[nodiscard]] constexpr char folded(char c) {
  return source::to_lower(c);
}
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace gabion::aws
