#include "eval/decoded_texts.h"

#include "source/hash.h"

namespace gabion::eval {

namespace {

/// Do two chains say the same? Longer ones than any that people read are not compared.
bool same_way(const Origin* a, const Origin* b) {
  constexpr int kMostLinks = 64;
  for (int i = 0; i < kMostLinks; ++i, a = a->via, b = b->via) {
    if (a == b) {
      return true;
    }
    if (a == nullptr || b == nullptr || a->kind != b->kind || a->region != b->region || a->name != b->name) {
      return false;
    }
  }
  return false;
}

}  // namespace

std::size_t DecodedTexts::hash(source::Region call, std::string_view text) {
  return source::hash_of(text) * 31 + call.begin;
}

const Value* DecodedTexts::find(source::Region call, const Value& text) const {
  const auto [first, last] = entries_.equal_range(hash(call, text.text()));
  for (auto entry = first; entry != last; ++entry) {
    const Entry& one = entry->second;
    if (one.call == call && one.text == text.text() && same_way(one.origin, text.origin())) {
      return &one.result;
    }
  }
  return nullptr;
}

void DecodedTexts::add(source::Region call, const Value& text, const Value& result) {
  entries_.emplace(hash(call, text.text()),
                   Entry{.call = call, .text = text.text(), .origin = text.origin(), .result = result});
}

}  // namespace gabion::eval
