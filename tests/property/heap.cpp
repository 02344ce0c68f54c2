// The program's operator new and delete under random use: blocks do not overlap, are aligned, keep what was written
// into them, and may be dropped by another thread than the one that took them. Linked with analyzer/cli/heap.cpp.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "random.h"

namespace gabion {
namespace {

using property::Random;

struct Taken {
  unsigned char* memory = nullptr;
  std::size_t size = 0;
  unsigned char mark = 0;
};

std::size_t random_size(Random& random) {
  const std::size_t limit = random.pick(std::vector<std::size_t>{1, 24, 64, 300, 1100, 5000, 300'000});
  return random.below(limit + 1);
}

Taken take(std::size_t size, unsigned char mark) {
  auto* memory = static_cast<unsigned char*>(::operator new(size));
  std::memset(memory, mark, size);
  return {memory, size, mark};
}

bool is_whole(const Taken& taken) {
  for (std::size_t i = 0; i < taken.size; ++i) {
    if (taken.memory[i] != taken.mark) {
      return false;
    }
  }
  return true;
}

/// Takes and drops at random; what is left is given back to the caller.
std::vector<Taken> live(std::uint32_t seed, std::vector<Taken> taken, std::size_t steps, bool& whole) {
  Random random(seed);
  for (std::size_t step = 0; step < steps; ++step) {
    if (taken.empty() || random.chance(52)) {
      taken.push_back(take(random_size(random), static_cast<unsigned char>(random.below(256))));
      whole = whole && reinterpret_cast<std::uintptr_t>(taken.back().memory) % alignof(std::max_align_t) == 0;
      continue;
    }
    std::swap(taken[random.below(taken.size())], taken.back());
    whole = whole && is_whole(taken.back());
    if (random.chance(50)) {
      ::operator delete(taken.back().memory, taken.back().size);
    } else {
      ::operator delete(taken.back().memory);
    }
    taken.pop_back();
  }
  return taken;
}

void drop(std::vector<Taken>& taken, bool& whole) {
  for (const Taken& one : taken) {
    whole = whole && is_whole(one);
    ::operator delete(one.memory);
  }
  taken.clear();
}

TEST(Heap, BlocksKeepWhatIsInThem) {
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    bool whole = true;
    std::vector<Taken> rest = live(seed, {}, 20'000, whole);
    drop(rest, whole);
    EXPECT_TRUE(whole) << "seed " << seed;
  }
}

TEST(Heap, ThreadsMayDropWhatOthersTook) {
  constexpr std::size_t kThreads = 4;
  std::vector<std::vector<Taken>> taken(kThreads);
  std::array<bool, kThreads> whole{true, true, true, true};
  for (std::uint32_t round = 0; round < 10; ++round) {
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
          taken[i] = live(round * 16 + static_cast<std::uint32_t>(i), std::move(taken[i]), 5'000, whole[i]);
        });
      }
    }
    std::rotate(taken.begin(), taken.begin() + 1, taken.end());
  }
  for (std::size_t i = 0; i < kThreads; ++i) {
    drop(taken[i], whole[i]);
    EXPECT_TRUE(whole[i]);
  }
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// One thread takes what another drops, again and again, as messages go: the memory must not grow with it.
TEST(Heap, BlocksThatOneThreadDropsAreThereForTheOther) {
  const auto round = [] {
    std::vector<std::string> messages;
    std::jthread([&] {
      for (int i = 0; i < 20'000; ++i) {
        messages.push_back(std::string(200, 'x'));
      }
    }).join();
    messages.clear();
  };
  for (int i = 0; i < 5; ++i) {
    round();
  }
  const long before = peak_kib();
  for (int i = 0; i < 60; ++i) {
    round();
  }
  constexpr long kOneRoundKib = 20'000 * 216 / 1024;
  EXPECT_LT(peak_kib() - before, 4 * kOneRoundKib);
}

TEST(Heap, TooMuchIsRefused) {
  volatile std::size_t size = SIZE_MAX - 4;
  EXPECT_THROW(::operator delete(::operator new(size)), std::bad_alloc);
}

TEST(HeapDeathTest, ABlockThatIsDroppedTwiceEndsTheProgram) {
  for (const std::size_t size : {std::size_t{40}, std::size_t{4000}}) {
    EXPECT_DEATH(
        {
          void* memory = ::operator new(size);
          void* volatile again = memory;
          ::operator delete(memory);
          ::operator delete(again);
        },
        "");
  }
}

}  // namespace
}  // namespace gabion
