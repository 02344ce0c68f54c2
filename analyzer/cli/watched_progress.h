// A progress bar that is also taken away when the program is interrupted. Used by commands whose work may take long.
#pragma once

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "cli/interrupt.h"
#include "cli/setup.h"
#include "cli/terminal.h"

namespace gabion::cli {

/// Lives as long as the work; draws on standard error where that is a terminal, and only when the work takes long.
class WatchedProgress {
 public:
  WatchedProgress(std::string label, const Environment& environment)
      : interruption_(environment.interruption),
        progress_(environment.screen != nullptr ? *environment.screen : environment.err,
                  can_redraw(environment.err_is_terminal, environment.variables),
                  columns_of(STDERR_FILENO).value_or(kColumns), std::move(label)) {
    if (interruption_ != nullptr) {
      interruption_->on_end([this] { progress_.finish(); });
    }
    if (can_redraw(environment.err_is_terminal, environment.variables)) {
      ticker_ = std::thread([this] { tick(); });
    }
  }
  WatchedProgress(const WatchedProgress&) = delete;
  WatchedProgress& operator=(const WatchedProgress&) = delete;
  ~WatchedProgress() {
    {
      const std::lock_guard lock(ending_);
      ended_ = true;
    }
    wake_.notify_all();
    if (ticker_.joinable()) {
      ticker_.join();
    }
    if (interruption_ != nullptr) {
      interruption_->on_end({});
    }
  }

  /// So much is done of so much.
  void set(std::uint64_t done, std::uint64_t total) { progress_.set(done, total); }
  /// Takes the bar away, before anything else is printed.
  void finish() { progress_.finish(); }

 private:
  static constexpr std::uint32_t kColumns = 80;

  /// One step may take long: the bar appears all the same.
  void tick() {
    constexpr std::chrono::milliseconds kBetween{100};
    std::unique_lock lock(ending_);
    while (!wake_.wait_for(lock, kBetween, [this] { return ended_; })) {
      progress_.advance(0);
    }
  }

  Interruption* interruption_;
  Progress progress_;
  std::mutex ending_;  // guards `ended_`
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread ticker_;
};

}  // namespace gabion::cli
