// Short texts as words of eight bytes, for what is asked of names all the time: whether two are the same, their hash,
// whether there is anything but ASCII in one. Calling memcmp or memcpy for them takes longer than the answer does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gabion::source {

/// A word of the bytes at a place, as they are in memory.
template <class Word>
[[nodiscard]] inline std::uint64_t word_at(const char* place) {
  Word word = 0;
  std::memcpy(&word, place, sizeof word);
  return word;
}

/// All bytes of a text that is shorter than a word: it tells such texts of one size apart.
[[nodiscard]] inline std::uint64_t short_word(std::string_view text) {
  using Half = std::uint32_t;
  using Byte = std::uint8_t;
  const std::size_t size = text.size();
  if (size >= sizeof(Half)) {
    return word_at<Half>(text.data()) | word_at<Half>(text.data() + size - sizeof(Half)) << 32U;
  }
  return size == 0 ? 0
                   : word_at<Byte>(text.data()) | word_at<Byte>(text.data() + size / 2) << 8U |
                         word_at<Byte>(text.data() + size - 1) << 16U;
}

/// Calls `take` with the words of a text, which together have all of its bytes: the last one has some of those before
/// it where the size is no multiple of a word's.
template <class Take>
inline void for_each_word(std::string_view text, const Take& take) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (text.size() < kWord) {
    take(short_word(text));
    return;
  }
  const char* const last = text.data() + text.size() - kWord;
  for (const char* at = text.data(); at < last; at += kWord) {
    take(word_at<std::uint64_t>(at));
  }
  take(word_at<std::uint64_t>(last));
}

/// a == b
[[nodiscard]] inline bool same_text(std::string_view a, std::string_view b) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (a.size() != b.size()) {
    return false;
  }
  if (a.size() < kWord) {
    return short_word(a) == short_word(b);
  }
  const std::size_t last = a.size() - kWord;
  for (std::size_t at = 0; at < last; at += kWord) {
    if (word_at<std::uint64_t>(a.data() + at) != word_at<std::uint64_t>(b.data() + at)) {
      return false;
    }
  }
  return word_at<std::uint64_t>(a.data() + last) == word_at<std::uint64_t>(b.data() + last);
}

}  // namespace gabion::source
