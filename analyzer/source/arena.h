// Bump allocation for syntax trees and values. Nothing in an Arena is destroyed one by one, so only
// trivially destructible types may live there; the memory goes when the Arena goes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gabion::source {

/// Owns blocks of memory and hands out pieces of them. Not thread-safe: one arena, one thread.
class Arena {
 public:
  /// `first_block` is the size in bytes of the first block; later blocks double up to 256 KiB.
  explicit Arena(std::size_t first_block = 4096) : next_block_(first_block) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept
      : blocks_(std::move(other.blocks_)),
        cursor_(std::exchange(other.cursor_, nullptr)),
        limit_(std::exchange(other.limit_, nullptr)),
        next_block_(other.next_block_),
        first_size_(other.first_size_),
        reserved_(std::exchange(other.reserved_, 0)) {}
  Arena& operator=(Arena&&) = delete;
  ~Arena() = default;

  /// Raw memory, never null (std::bad_alloc as any allocation).
  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment) {
    auto address = reinterpret_cast<std::uintptr_t>(cursor_);
    std::uintptr_t aligned = (address + alignment - 1) & ~(std::uintptr_t{alignment} - 1);
    if (cursor_ == nullptr || aligned + size > reinterpret_cast<std::uintptr_t>(limit_)) {
      grow(size + alignment);
      address = reinterpret_cast<std::uintptr_t>(cursor_);
      aligned = (address + alignment - 1) & ~(std::uintptr_t{alignment} - 1);
    }
    cursor_ = reinterpret_cast<std::byte*>(aligned + size);
    return reinterpret_cast<void*>(aligned);
  }

  /// Constructs a T in the arena (aggregates too).
  template <class T, class... Args>
  [[nodiscard]] T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>, "an arena runs no destructors");
    return ::new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  /// Constructs some without arguments, to be filled in by who asked.
  template <class T>
  [[nodiscard]] std::span<T> make_some(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) {
      return {};
    }
    auto* memory = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(memory, count);
    return {memory, count};
  }

  /// Copies a string; the result lives as long as the arena.
  [[nodiscard]] std::string_view copy(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    auto* memory = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(memory, text.data(), text.size());
    return {memory, text.size()};
  }

  /// Copies a range of trivially copyable elements.
  template <class T>
  [[nodiscard]] std::span<const T> copy(std::span<const T> items) {
    return duplicate(items);
  }
  /// The same, to be changed before anybody else sees it.
  template <class T>
  [[nodiscard]] std::span<T> duplicate(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (items.empty()) {
      return {};
    }
    auto* memory = static_cast<T*>(allocate(items.size() * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(memory), items.data(), items.size() * sizeof(T));
    return {memory, items.size()};
  }
  template <class T>
  [[nodiscard]] std::span<const T> copy(const std::vector<T>& items) {
    return copy(std::span<const T>(items));
  }

  /// Forgets everything that was made; the first block is kept for what comes next.
  void clear() {
    if (blocks_.empty()) {
      return;
    }
    blocks_.resize(1);
    cursor_ = blocks_.front().get();
    limit_ = cursor_ + first_size_;
    reserved_ = first_size_;
  }

  /// Bytes taken from the system so far.
  [[nodiscard]] std::size_t bytes_reserved() const { return reserved_; }

 private:
  /// Out of line, so that allocate() is small enough to be inlined.
  [[gnu::noinline]] void grow(std::size_t at_least) {
    const std::size_t size = std::max(at_least, next_block_);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
    cursor_ = blocks_.back().get();
    limit_ = cursor_ + size;
    first_size_ = blocks_.size() == 1 ? size : first_size_;
    reserved_ += size;
    next_block_ = std::min<std::size_t>(next_block_ * 2, std::size_t{256} * 1024);
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* cursor_ = nullptr;
  std::byte* limit_ = nullptr;
  std::size_t next_block_;
  std::size_t first_size_ = 0;
  std::size_t reserved_ = 0;
};

}  // namespace gabion::source
