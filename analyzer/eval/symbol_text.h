// Texts of symbols, put together without making strings of the parts. Internal to eval.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>

#include "eval/value.h"

namespace gabion::eval {

/// identity_text() at the end of a text.
void append_identity(std::string& text, const Value& value);
/// shorten() of a text that is longer than the place, into it.
[[nodiscard]] std::string_view shorten_to(std::string_view whole, std::span<char> place);

/// What tells a value from the same converted to a type, which people do not get to see.
void append_conversion(std::string& text, const Type& type);

/// Adds texts as they are, and values by what tells them apart.
template <class... Pieces>
void append_pieces(std::string& text, const Pieces&... pieces) {
  const auto add = [&](const auto& piece) {
    if constexpr (std::same_as<decltype(piece), const Value&>) {
      append_identity(text, piece);
    } else {
      text += piece;
    }
  };
  (add(pieces), ...);
}

/// A text of these pieces.
template <class... Pieces>
[[nodiscard]] std::string symbol_text(const Pieces&... pieces) {
  constexpr std::size_t kUsual = 250;  // growing to it takes longer than to write it
  std::string text;
  text.reserve(kUsual);
  append_pieces(text, pieces...);
  return text;
}

}  // namespace gabion::eval
