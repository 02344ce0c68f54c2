// Two steps of an analysis side by side: one thread makes things, another one deals with them in the order in which
// they were made, so that nothing hangs on how quick either is. Used by analyze().
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace gabion::engine {

/// What was made and not yet dealt with. It holds few, so that little memory waits.
template <class Thing>
class Handover {
 public:
  Handover() = default;
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;

  /// Waits while there is too much; after stop() the thing goes.
  void give(Thing thing) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < kMost || stopped_; });
    if (!stopped_) {
      waiting_.push_back(std::move(thing));
      changed_.notify_all();
    }
  }
  /// Nothing more comes: all was made, or `failure` says why not.
  void end(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    failure_ = std::move(failure);
    changed_.notify_all();
  }
  /// Nothing when all was taken; throws what making it has thrown.
  std::optional<Thing> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_.empty() || ended_; });
    if (waiting_.empty()) {
      if (failure_) {
        std::rethrow_exception(failure_);
      }
      return std::nullopt;
    }
    std::optional<Thing> thing = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return thing;
  }
  /// Nobody takes any more.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  static constexpr std::size_t kMost = 2;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Thing> waiting_;
  bool ended_ = false;
  bool stopped_ = false;
  std::exception_ptr failure_;
};

/// Calls `make`, which gives one thing after the other to the function it gets, and `take` with each of them, in the
/// caller's thread. With `beside`, the things are made in a thread of their own, if there is one to be had.
template <class Thing>
void hand_over(bool beside, const std::function<void(const std::function<void(Thing)>&)>& make,
               const std::function<void(const Thing&)>& take) {
  const auto at_once = [&] { make([&](Thing thing) { take(thing); }); };
  if (!beside) {
    at_once();
    return;
  }
  Handover<Thing> things;
  std::jthread maker;
  try {
    maker = std::jthread([&] {
      std::exception_ptr failure;
      try {
        make([&](Thing thing) { things.give(std::move(thing)); });
      } catch (...) {
        failure = std::current_exception();
      }
      things.end(std::move(failure));
    });
  } catch (const std::system_error&) {
    at_once();
    return;
  }
  try {
    while (const std::optional<Thing> thing = things.take()) {
      take(*thing);
    }
  } catch (...) {
    things.stop();
    throw;
  }
}

}  // namespace gabion::engine
