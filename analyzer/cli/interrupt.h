// Ends the program when it is interrupted (Ctrl-C) or asked to end, at a moment when nothing is half done: files are
// written under a shield, and what was drawn on the terminal is taken away. Made by main() before anything else.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

namespace gabion::cli {

/// Waits for signals in a thread of its own, so that no code has to run inside of a signal handler. Afterwards SIGINT,
/// SIGTERM and SIGHUP are blocked in this thread and in those it starts.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  /// While it lives, the program does not end by a signal: keep it short.
  [[nodiscard]] std::unique_lock<std::mutex> shield();
  /// Called before the program ends by a signal; empty: nothing. Must not take the shield.
  void on_end(std::function<void()> last);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace gabion::cli
