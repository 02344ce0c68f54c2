// Numbers and texts as the bytes of a cache entry. A reader takes any bytes: what does not fit makes it fail for good,
// and no length that it reads makes anything larger than the bytes that are there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "cache/digest.h"

namespace gabion::cache {

class Writer {
 public:
  /// Small numbers take one byte.
  void number(std::uint64_t value) {
    constexpr std::uint64_t kMore = 0x80;
    while (value >= kMore) {
      bytes_ += static_cast<char>(static_cast<unsigned char>((value & (kMore - 1)) | kMore));
      value >>= 7U;
    }
    bytes_ += static_cast<char>(static_cast<unsigned char>(value));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  void digest(const Digest& value) { bytes_.append(reinterpret_cast<const char*>(value.data()), value.size()); }

  /// About so many bytes will be written: they need not be moved as they become more.
  void expect(std::size_t bytes) {
    constexpr std::size_t kRest = 4096;
    bytes_.reserve(bytes + kRest);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Views into the bytes; after a failure everything that is read is empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint64_t number() {
    constexpr unsigned kBits = 64;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < kBits; shift += 7U) {
      if (rest_.empty()) {
        break;
      }
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      const std::uint64_t part = byte & 0x7fU;
      if ((part << shift) >> shift != part) {
        break;
      }
      value |= part << shift;
      if ((byte & 0x80U) == 0) {
        return value;
      }
    }
    fail();
    return 0;
  }
  /// How many things follow, each of at least `least` bytes.
  [[nodiscard]] std::size_t count(std::size_t least) {
    const std::uint64_t value = number();
    if (value > rest_.size() / std::max<std::size_t>(least, 1)) {
      fail();
      return 0;
    }
    return static_cast<std::size_t>(value);
  }
  [[nodiscard]] std::string_view text() {
    const std::size_t size = count(1);
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }
  [[nodiscard]] Digest digest() {
    Digest value{};
    if (rest_.size() < value.size()) {
      fail();
      return value;
    }
    std::copy_n(rest_.begin(), value.size(), reinterpret_cast<char*>(value.data()));
    rest_.remove_prefix(value.size());
    return value;
  }
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  [[nodiscard]] bool failed() const { return failed_; }
  /// Everything was there, and nothing is left.
  [[nodiscard]] bool ended() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace gabion::cache
