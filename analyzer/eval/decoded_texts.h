// Documents that were decoded, for evaluations in which modules that are called many times decode the same files each
// time. Whoever makes contexts may give them one, which lives no longer than their arena.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>

#include "eval/value.h"
#include "source/region.h"

namespace gabion::eval {

/// What calls of functions that decode one known text gave, with all that their results tell of where they come from.
class DecodedTexts {
 public:
  /// Is the function one of these? Others are not worth it, or depend on more than their text.
  [[nodiscard]] static bool decodes(std::string_view function) {
    return function == "jsondecode" || function == "yamldecode" || function == "csvdecode";
  }

  /// The result of the call in this place for the same text that came the same way; null when there was none.
  [[nodiscard]] const Value* find(source::Region call, const Value& text) const;
  /// Remembers a result. Text, origin and result are borrowed.
  void add(source::Region call, const Value& text, const Value& result);

 private:
  struct Entry {
    source::Region call;
    std::string_view text;
    const Origin* origin = nullptr;  ///< of the text
    Value result;
  };
  [[nodiscard]] static std::size_t hash(source::Region call, std::string_view text);

  std::unordered_multimap<std::size_t, Entry> entries_;
};

}  // namespace gabion::eval
