#include "aws/fact_reader.h"

#include <algorithm>

namespace gabion::aws {
namespace {

std::string_view word_at(const FactTables& tables, std::size_t number) {
  const std::size_t at = offset_at(tables.word_places, number);
  return {tables.words.data() + at, offset_at(tables.word_places, number + 1) - at};
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
  text(result);
  return result;
}

void FactCursor::text(std::string& out) {
  out.clear();
  append_text(out);
}

void FactCursor::append_text(std::string& out) {
  const FactTables& tables = fact_tables();
  for (std::size_t word = number(); word != 0; word = number()) {
    out += word_at(tables, word);
  }
}

void FactCursor::skip_text() {
  while (number() != 0) {
  }
}

int FactCursor::compare_folded(std::string_view other) {
  const FactTables& tables = fact_tables();
  int result = 0;
  std::size_t at = 0;
  for (std::size_t word = number(); word != 0; word = number()) {
    if (result != 0) {
      continue;  // the cursor stands behind the text in the end
    }
    for (const char c : word_at(tables, word)) {
      if (at == other.size()) {
        result = 1;
        break;
      }
      const auto a = static_cast<unsigned char>(folded(c));
      const auto b = static_cast<unsigned char>(folded(other[at++]));
      if (a != b) {
        result = a < b ? -1 : 1;
        break;
      }
    }
  }
  return result != 0 || at == other.size() ? result : -1;
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
  return source::to_lower(text);
}

}  // namespace gabion::aws
