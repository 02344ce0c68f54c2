// What the fuzz targets share: the bytes as text, and the end of the program where a promise is broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace gabion::fuzz {

/// Bytes that targets take which work on what they read: more only makes them slow.
inline constexpr std::size_t kMostBytes = 20'000;

/// Ends the program when what must hold does not, for the fuzzer to keep the input.
inline void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

[[nodiscard]] inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace gabion::fuzz
