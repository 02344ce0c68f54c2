#include "source/git_index.h"

#include <cstddef>
#include <cstdint>

namespace gabion::source {
namespace {

constexpr std::size_t kHeader = 12;
/// Times, modes, sizes and the object name (SHA-1) of an entry, before its flags.
constexpr std::size_t kFixed = 60;
constexpr std::uint32_t kExtended = 0x4000;

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t result = 0;
  for (std::size_t i = 0; i < size; ++i) {
    result = (result << 8U) | static_cast<unsigned char>(bytes[at + i]);
  }
  return result;
}

/// git's variable length offsets: seven bits a byte, most significant first, one added for each byte but the last.
std::optional<std::size_t> offset(std::string_view bytes, std::size_t& at) {
  std::size_t result = 0;
  for (int i = 0; i < 5; ++i) {
    if (at >= bytes.size()) {
      return std::nullopt;
    }
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    result = (result << 7U) | (byte & 0x7fU);
    if ((byte & 0x80U) == 0) {
      return result;
    }
    ++result;
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> index_has(std::string_view index, std::string_view path) {
  if (index.size() < kHeader || !index.starts_with("DIRC")) {
    return std::nullopt;
  }
  const std::uint32_t version = number(index, 4, 4);
  const std::uint32_t entries = number(index, 8, 4);
  if (version < 2 || version > 4) {
    return std::nullopt;
  }
  std::size_t at = kHeader;
  std::string name;
  for (std::uint32_t entry = 0; entry < entries; ++entry) {
    const std::size_t begin = at;
    if (index.size() - at < kFixed + 2) {
      return std::nullopt;
    }
    const std::uint32_t flags = number(index, at + kFixed, 2);
    at += kFixed + 2 + ((flags & kExtended) != 0 ? 2 : 0);
    if (version == 4) {
      // The name shares all but so many bytes with the one before it.
      const auto dropped = offset(index, at);
      if (!dropped || *dropped > name.size()) {
        return std::nullopt;
      }
      name.resize(name.size() - *dropped);
    } else {
      name.clear();
    }
    const std::size_t end = at < index.size() ? index.find('\0', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    name += index.substr(at, end - at);
    if (name == path) {
      return true;
    }
    // Older versions fill entries up to a multiple of eight bytes, with one NUL at least.
    at = version == 4 ? end + 1 : begin + (end - begin + 8) / 8 * 8;
    if (at > index.size()) {
      return std::nullopt;
    }
  }
  return false;
}

}  // namespace gabion::source
