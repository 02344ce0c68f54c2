// Bytes that tell questions apart, for tables of what was asked before. Numbers and texts are written so that none
// begins as another one does.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace gabion::source {

/// Grows behind its end. Bytes are added one after the other, into room that is there.
class KeyBytes {
 public:
  /// With room for so many bytes.
  explicit KeyBytes(std::size_t room = 0) : bytes_(room) {}

  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

  void add_byte(char byte) {
    if (size_ == bytes_.size()) {
      make_room(1);
    }
    bytes_[size_++] = byte;
  }
  /// As they are: where they end has to be clear from what is in them.
  void add_bytes(std::string_view bytes) {
    if (bytes.empty()) {
      return;
    }
    if (bytes_.size() - size_ < bytes.size()) {
      make_room(bytes.size());
    }
    std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  /// Seven bits at a time, most numbers being small.
  void add_number(std::size_t number) {
    constexpr unsigned kBits = 7;
    constexpr std::size_t kMore = std::size_t{1} << kBits;
    for (; number >= kMore; number >>= kBits) {
      add_byte(static_cast<char>((number & (kMore - 1)) | kMore));
    }
    add_byte(static_cast<char>(number));
  }
  void add_text(std::string_view text) {
    add_number(text.size());
    add_bytes(text);
  }
  /// Drops what stands behind the first `kept` bytes.
  void cut(std::size_t kept) { size_ = kept; }

 private:
  /// Out of line, so that the rest is inlined everywhere.
  void make_room(std::size_t more);

  std::vector<char> bytes_;  ///< with room behind what was written
  std::size_t size_ = 0;
};

}  // namespace gabion::source
