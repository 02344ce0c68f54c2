// Remembers what a function of one text gave: the facts never change, and policies name the same actions all the time.
// Called by the look-ups of this folder only.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "source/hash.h"

namespace gabion::aws {

/// Results by text, up to a bound.
template <class Result>
class TextMemo {
 public:
  /// What `make(text)` gives. Lasts until the next call.
  template <class Make>
  const Result& of(std::string_view text, Make&& make) {
    const auto known = results_.find(text);
    if (known != results_.end()) {
      return known->second;
    }
    Result result = make(text);
    if (results_.size() == kMost) {
      results_.clear();
    }
    return results_.emplace(text, std::move(result)).first->second;
  }

 private:
  static constexpr std::size_t kMost = 4096;
  std::unordered_map<std::string, Result, source::TextHash, std::equal_to<>> results_;
};

/// What `make(text)` gives, as the calling thread remembers it: `make` has a memo in each thread. That is no
/// thread_local object: the C library ends the program when it lacks the memory to note that one has to be destroyed.
template <auto make>
auto remembered(std::string_view text) {
  using Memo = TextMemo<decltype(make(text))>;
  static const pthread_key_t key = [] {
    pthread_key_t created{};
    if (pthread_key_create(&created, [](void* memo) { delete static_cast<Memo*>(memo); }) != 0) {
      throw std::bad_alloc();
    }
    return created;
  }();
  auto* memo = static_cast<Memo*>(pthread_getspecific(key));
  if (memo == nullptr) {
    auto made = std::make_unique<Memo>();
    if (pthread_setspecific(key, made.get()) != 0) {
      throw std::bad_alloc();
    }
    memo = made.release();
  }
  return memo->of(text, make);
}

}  // namespace gabion::aws
