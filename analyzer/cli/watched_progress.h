// A progress bar that is also taken away when the program is interrupted, and files that are counted for it. Used by
// commands whose work may take long.
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
#include "engine/analysis.h"
#include "source/file_system.h"

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

  /// So many root modules are done of so many.
  void set(std::uint64_t done, std::uint64_t total) { progress_.set(done, total); }
  /// So many more files were read.
  void add_files(std::uint64_t count) { progress_.add_files(count); }
  /// Takes the bar away, before anything else is printed.
  void finish() { progress_.finish(); }

 private:
  static constexpr std::uint32_t kColumns = 80;

  /// One step may take long: the bar appears all the same.
  void tick() {
    constexpr std::chrono::milliseconds kBetween{100};
    std::unique_lock lock(ending_);
    while (!wake_.wait_for(lock, kBetween, [this] { return ended_; })) {
      progress_.redraw();
    }
  }

  Interruption* interruption_;
  Progress progress_;
  std::mutex ending_;  // guards `ended_`
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread ticker_;
};

/// Other files, with a bar that counts those that are read.
class CountedFileSystem final : public source::FileSystem {
 public:
  CountedFileSystem(const source::FileSystem& base, WatchedProgress& progress) : base_(base), progress_(progress) {}
  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override {
    progress_.add_files(1);
    return base_.read(path, max_bytes);
  }
  [[nodiscard]] std::vector<source::Expected<std::string>> read_all(std::span<const std::string> paths,
                                                                    std::uint64_t max_bytes) const override {
    progress_.add_files(paths.size());
    return base_.read_all(paths, max_bytes);
  }
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override {
    return base_.list(path);
  }
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override {
    return base_.status(path);
  }
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override {
    return base_.canonical(path);
  }
  [[nodiscard]] bool is_concurrent() const override { return base_.is_concurrent(); }

 private:
  const source::FileSystem& base_;
  WatchedProgress& progress_;
};

/// engine::analyze() of a run, with a bar.
inline source::Expected<engine::AnalysisResult> analyze_watched(Run& run, std::string label,
                                                                const Environment& environment,
                                                                source::ArtifactStore& artifacts) {
  WatchedProgress progress(std::move(label), environment);
  const CountedFileSystem counted(*run.files, progress);
  const source::FileSystem* const files = std::exchange(run.files, &counted);
  engine::AnalysisRequest request = run.request();
  request.progress = [&](std::uint64_t done, std::uint64_t total) { progress.set(done, total); };
  auto result = engine::analyze(request, artifacts);
  run.files = files;
  return result;
}

}  // namespace gabion::cli
