// How large a policy's JSON text is when it is written without white space between its parts, which quotas are about.
// Used by what reads policies.
#pragma once

#include <cstddef>
#include <string_view>

namespace gabion::iam {

/// Adds up what is in a JSON text.
class JsonSize {
 public:
  /// Bytes.
  [[nodiscard]] std::size_t compact() const { return compact_; }
  /// Of these, characters that are no white space.
  [[nodiscard]] std::size_t visible() const { return visible_; }

  /// What stands between quotes, or a number.
  void text(std::string_view text);
  /// A string with its quotes.
  void string(std::string_view content) {
    marks(2);
    text(content);
  }
  /// Brackets, and commas between the elements.
  void array(std::size_t elements) { marks(2 + (elements == 0 ? 0 : elements - 1)); }
  /// Braces, commas and colons.
  void object(std::size_t members) {
    array(members);
    marks(members);
  }
  /// So many characters that are neither white space nor escaped.
  void marks(std::size_t count) {
    compact_ += count;
    visible_ += count;
  }

 private:
  std::size_t compact_ = 0;
  std::size_t visible_ = 0;
};

}  // namespace gabion::iam
