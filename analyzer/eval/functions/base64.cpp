#include "eval/functions/base64.h"

#include <array>
#include <cstdint>

namespace gabion::eval::functions {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What each character stands for, or -1.
constexpr std::array<std::int8_t, 256> kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

int value_of(char c) {
  return kValues[static_cast<unsigned char>(c)];
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    const std::size_t size = std::min<std::size_t>(bytes.size() - at, 3);
    for (std::size_t i = 0; i < 3; ++i) {
      group = (group << 8U) | (i < size ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out.push_back(i <= size ? kAlphabet[(group >> (18U - 6U * i)) & 63U] : '=');
    }
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  int count = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n' || c == '\r') {
      continue;
    }
    if (c == '=') {
      break;
    }
    const int value = value_of(c);
    if (value < 0) {
      return std::nullopt;
    }
    group = (group << 6U) | static_cast<std::uint32_t>(value);
    if (++count == 4) {
      const std::array<char, 3> bytes{static_cast<char>((group >> 16U) & 0xFFU),
                                      static_cast<char>((group >> 8U) & 0xFFU), static_cast<char>(group & 0xFFU)};
      out.append(bytes.data(), bytes.size());
      group = 0;
      count = 0;
    }
  }
  // What is left: padding that fills the last group, and nothing behind it.
  int padding = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '=') {
      ++padding;
    } else if (c != '\n' && c != '\r') {
      return std::nullopt;
    }
  }
  if (count == 0) {
    return padding == 0 ? std::optional(out) : std::nullopt;
  }
  if (count == 1 || count + padding != 4) {
    return std::nullopt;
  }
  group <<= 6U * static_cast<unsigned>(4 - count);
  out.push_back(static_cast<char>((group >> 16U) & 0xFFU));
  if (count == 3) {
    out.push_back(static_cast<char>((group >> 8U) & 0xFFU));
  }
  return out;
}

}  // namespace gabion::eval::functions
