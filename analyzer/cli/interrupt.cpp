#include "cli/interrupt.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

namespace gabion::cli {

/// Shared with the waiting thread, which may outlive the object at the end of the program.
struct Interruption::State {
  std::mutex shield;
  std::mutex guard;  // of `last`
  std::function<void()> last;
};

namespace {

/// What shells report for a program that a signal ended.
constexpr int kSignalled = 128;

/// A program that was started to survive one of them (nohup, a job in the background) keeps ignoring that one.
sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_IGN) {
      sigaddset(&signals, signal);
    }
  }
  return signals;
}

}  // namespace

Interruption::Interruption() : state_(std::make_shared<State>()) {
  const sigset_t signals = ending_signals();
  if (pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) {
    return;
  }
  try {
    std::thread([state = state_, signals] {
      int signal = 0;
      if (sigwait(&signals, &signal) != 0) {
        return;
      }
      const std::unique_lock shielded(state->shield);
      const std::unique_lock lock(state->guard);
      if (state->last) {
        state->last();
      }
      _exit(kSignalled + signal);
    }).detach();
  } catch (const std::system_error&) {
    // Without a thread to wait for them, signals end the program as they always do.
    static_cast<void>(pthread_sigmask(SIG_UNBLOCK, &signals, nullptr));
  }
}

Interruption::~Interruption() = default;

std::unique_lock<std::mutex> Interruption::shield() {
  return std::unique_lock(state_->shield);
}

void Interruption::on_end(std::function<void()> last) {
  const std::unique_lock lock(state_->guard);
  state_->last = std::move(last);
}

}  // namespace gabion::cli
