#include "aws/fact_reader.h"

#include <algorithm>

namespace gabion::aws {
namespace {

std::string_view word_at(std::size_t number) {
  const FactTables& tables = fact_tables();
  const std::size_t block = number / kWordsPerBlock;
  std::size_t at = offset_at(tables.word_blocks, block);
  for (std::size_t i = block * kWordsPerBlock; i < number; ++i) {
    at += static_cast<unsigned char>(tables.word_lengths[i]);
  }
  return tables.words.substr(at, static_cast<unsigned char>(tables.word_lengths[number]));
}

}  // namespace

std::size_t FactCursor::number() {
  std::size_t result = 0;
  for (unsigned shift = 0;; shift += 7) {
    const unsigned char next = byte();
    result |= static_cast<std::size_t>(next & 0x7FU) << shift;
    if (next < 0x80) {
      return result;
    }
  }
}

std::string FactCursor::text() {
  std::string result;
  for (std::size_t word = number(); word != 0; word = number()) {
    result += word_at(word);
  }
  return result;
}

void FactCursor::skip_text() {
  while (number() != 0) {
  }
}

int FactCursor::compare_folded(std::string_view other) {
  int result = 0;
  for (std::size_t word = number(); word != 0; word = number()) {
    if (result != 0) {
      continue;  // the cursor stands behind the text in the end
    }
    for (const char c : word_at(word)) {
      if (other.empty()) {
        result = 1;
        break;
      }
      const char a = folded(c);
      const char b = folded(other.front());
      if (a != b) {
        result = static_cast<unsigned char>(a) < static_cast<unsigned char>(b) ? -1 : 1;
        break;
      }
      other.remove_prefix(1);
    }
  }
  return result != 0 || other.empty() ? result : -1;
}

std::size_t fixed_number(FactBytes table, std::size_t at, std::size_t bytes) {
  std::size_t result = 0;
  for (std::size_t i = bytes; i > 0; --i) {
    result = (result << 8U) | static_cast<unsigned char>(table[at + i - 1]);
  }
  return result;
}

std::size_t lower_bound_of(FactBytes offsets, FactBytes data, std::size_t first, std::size_t last,
                           std::string_view text) {
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    if (FactCursor(data, offset_at(offsets, middle)).compare_folded(text) < 0) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

std::string folded(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return folded(c); });
  return result;
}

}  // namespace gabion::aws
