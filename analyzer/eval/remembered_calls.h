// What calls of functions gave, for evaluations that make the same call many times: in each turn of a loop, or in each
// call of a module. Whoever makes contexts may give them one, which lives no longer than their arena.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "eval/value.h"
#include "source/region.h"

namespace gabion::eval {

/// Results of calls that cost more than looking them up. Arguments are the same when their values are, and all that
/// results tell of where they come from: a result that is found is the one that the call would give.
class RememberedCalls {
 public:
  /// Whether it pays to remember a call of a built-in function: it takes apart a long text or a large map, and hangs on
  /// nothing else. Its arguments have to be known, and bear no marks.
  [[nodiscard]] static bool pays(std::string_view function, std::span<const Value> arguments);

  /// The result of the call in this place for the same arguments; null when there was none.
  [[nodiscard]] const Value* find(source::Region call, std::span<const Value> arguments) const;
  /// Remembers a result of one or two arguments, which are borrowed like the result; nothing of more.
  void add(source::Region call, std::span<const Value> arguments, const Value& result);

  /// The element that was made like the pattern for the symbol (element_like()); null when none was.
  [[nodiscard]] const Value* find_element(const Value& pattern, const Symbol& symbol) const;
  void add_element(const Value& pattern, const Symbol& symbol, const Value& element);

 private:
  struct Entry {
    source::Region call;
    std::array<Value, 2> arguments;
    std::size_t size = 0;  ///< how many of them there are
    Value result;
  };
  /// What an element is made of, which is borrowed.
  struct Made {
    const Node* node;
    const Origin* origin;
    const Symbol* symbol;
    friend bool operator==(const Made& a, const Made& b) = default;
  };
  struct HashOfMade {
    [[nodiscard]] std::size_t operator()(const Made& made) const;
  };
  std::unordered_multimap<std::size_t, Entry> entries_;
  std::unordered_map<Made, Value, HashOfMade> elements_;
};

}  // namespace gabion::eval
