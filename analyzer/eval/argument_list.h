// The arguments of a call while it is made: most have a few, for which there is room without asking for memory.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "eval/value.h"

namespace gabion::eval {

/// Values one after the other, as a vector has them.
class ArgumentList {
 public:
  ArgumentList() = default;
  explicit ArgumentList(std::span<const Value> values) {
    for (const Value& value : values) {
      push_back(value);
    }
  }

  void push_back(const Value& value) {
    if (size_ < kFew && many_.empty()) {
      std::construct_at(few() + size_++, value);
    } else {
      push_back_to_many(value);
    }
  }
  void pop_back() {
    --size_;
    if (!many_.empty()) {
      many_.pop_back();
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Value& operator[](std::size_t at) { return many_.empty() ? few()[at] : many_[at]; }
  [[nodiscard]] Value& back() { return (*this)[size_ - 1]; }
  [[nodiscard]] std::span<const Value> values() const {
    return many_.empty() ? std::span(reinterpret_cast<const Value*>(room_.data()), size_) : std::span(many_);
  }

 private:
  static constexpr std::size_t kFew = 4;
  static_assert(std::is_trivially_copyable_v<Value> && std::is_trivially_destructible_v<Value>);
  [[nodiscard]] Value* few() { return reinterpret_cast<Value*>(room_.data()); }
  /// Out of line, so that the other case is inlined everywhere.
  [[gnu::noinline]] void push_back_to_many(const Value& value) {
    if (many_.empty()) {
      many_.assign(few(), few() + kFew);
    }
    many_.push_back(value);
    ++size_;
  }

  alignas(Value) std::array<std::byte, kFew * sizeof(Value)> room_;  ///< for a few of them, made one by one
  std::vector<Value> many_;  ///< all of them, once there were more than that; or empty
  std::size_t size_ = 0;
};

}  // namespace gabion::eval
