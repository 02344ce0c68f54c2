#include "source/workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace gabion::source {

std::size_t available_jobs() {
  return std::max(1U, std::thread::hardware_concurrency());
}

void work_on(std::size_t count, std::size_t jobs,
             const std::function<void(std::size_t index, std::size_t worker)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto take = [&](std::size_t worker) {
    try {
      for (std::size_t index = next++; index < count; index = next++) {
        work(index, worker);
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t wanted = std::min(jobs, count);
    for (std::size_t worker = 1; worker < wanted; ++worker) {
      try {
        others.emplace_back(take, worker);
      } catch (const std::system_error&) {
        break;  // the system gives no more
      }
    }
    take(0);
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace gabion::source
