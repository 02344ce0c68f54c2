#include "iam/word.h"

namespace gabion::iam {

namespace {

void encode(Letter letter, std::string& out) {
  const auto put = [&out](Letter byte) { out += static_cast<char>(byte); };
  if (letter < 0x80) {
    put(letter);
  } else if (letter >= 0xDC80 && letter <= 0xDCFF) {
    put(letter - 0xDC00);
  } else if (letter < 0x800) {
    put(0xC0 | letter >> 6U);
    put(0x80 | (letter & 0x3F));
  } else if (letter < 0x10000) {
    put(0xE0 | letter >> 12U);
    put(0x80 | (letter >> 6U & 0x3F));
    put(0x80 | (letter & 0x3F));
  } else {
    put(0xF0 | letter >> 18U);
    put(0x80 | (letter >> 12U & 0x3F));
    put(0x80 | (letter >> 6U & 0x3F));
    put(0x80 | (letter & 0x3F));
  }
}

}  // namespace

std::uint16_t HoleTable::number(const Hole& hole, bool pattern) {
  std::size_t text = entries.size();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].hole == hole) {
      if (entries[i].pattern == pattern) {
        return static_cast<std::uint16_t>(i);
      }
      text = entries[i].text;
    }
  }
  const std::size_t own = entries.size();
  const std::string ground = text == own ? "{" + std::to_string(own) + "}" : entries[text].ground;
  entries.push_back(Entry{.hole = hole,
                          .pattern = pattern,
                          .wide = text != own && entries[text].wide,
                          .text = static_cast<std::uint16_t>(text),
                          .ground = ground});
  return static_cast<std::uint16_t>(own);
}

std::pair<Letter, std::size_t> decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (length == 1) {
    return {first < 0x80 ? Letter{first} : Letter{0xDC00} + first, 1};
  }
  if (length > text.size()) {
    return {Letter{0xDC00} + first, 1};
  }
  Letter letter = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) {
      return {Letter{0xDC00} + first, 1};
    }
    letter = letter << 6U | (byte(i) & 0x3FU);
  }
  return {letter, length};
}

Word to_word(std::string_view text) {
  Word out;
  while (!text.empty()) {
    const auto [letter, length] = decode(text);
    out.push_back(letter);
    text.remove_prefix(length);
  }
  return out;
}

std::string to_text(const Word& word, const HoleTable& holes) {
  std::string out;
  for (const Letter letter : word) {
    if (is_hole(letter)) {
      out += holes.entries[letter - kHoleLetters].ground;
    } else {
      encode(letter, out);
    }
  }
  return out;
}

}  // namespace gabion::iam
