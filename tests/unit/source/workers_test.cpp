#include "source/workers.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <initializer_list>
#include <stdexcept>
#include <vector>

namespace gabion::source {
namespace {

TEST(Workers, EveryIndexIsWorkedOnOnce) {
  for (const std::size_t jobs : std::initializer_list<std::size_t>{0, 1, 2, 7}) {
    for (const std::size_t count : std::initializer_list<std::size_t>{0, 1, 2, 1000}) {
      std::vector<int> done(count, 0);
      work_on(count, jobs, [&](std::size_t index, std::size_t /*worker*/) { ++done[index]; });
      EXPECT_EQ(done, std::vector<int>(count, 1)) << jobs << " jobs";
    }
  }
}

TEST(Workers, AWorkerDoesOneThingAtATime) {
  constexpr std::size_t kJobs = 4;
  std::array<std::atomic<int>, kJobs> busy{};
  std::atomic<bool> together = false;
  work_on(2000, kJobs, [&](std::size_t /*index*/, std::size_t worker) {
    ASSERT_LT(worker, kJobs);
    together = together || ++busy[worker] != 1;
    --busy[worker];
  });
  EXPECT_FALSE(together);
}

TEST(Workers, AnExceptionReachesTheCaller) {
  std::atomic<int> done = 0;
  const auto work = [&](std::size_t index, std::size_t /*worker*/) {
    if (index == 3) {
      throw std::runtime_error("no");
    }
    ++done;
  };
  EXPECT_THROW(work_on(1000, 3, work), std::runtime_error);
  EXPECT_LT(done, 1000);
}

TEST(Workers, ThereIsAlwaysOneJob) {
  EXPECT_GE(available_jobs(), 1U);
}

}  // namespace
}  // namespace gabion::source
