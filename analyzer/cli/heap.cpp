// Small blocks for operator new. An analysis makes and drops millions of short strings and vectors; lists of free
// blocks by size serve them in a few instructions. Everything else, and all of it under a sanitizer, is malloc's.
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GABION_SYSTEM_HEAP
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define GABION_SYSTEM_HEAP
#endif
#endif

#ifndef GABION_SYSTEM_HEAP
namespace {

constexpr std::size_t kGranule = 16;                       ///< sizes are multiples of it, as alignments
constexpr std::size_t kLargest = 512;                      ///< larger blocks are malloc's
constexpr std::size_t kChunk = std::size_t{16} * 1024;     ///< holds blocks of one size
constexpr std::size_t kRegion = std::size_t{1} << 35U;     ///< addresses, not memory
constexpr std::size_t kClasses = kLargest / kGranule + 1;  ///< by size in granules

struct FreeBlock {
  FreeBlock* next;
};

/// Blocks of one size.
struct List {
  FreeBlock* free = nullptr;
  std::byte* cursor = nullptr;  ///< of the chunk that was taken last
  std::byte* limit = nullptr;
};

// What operator new works with cannot belong to anybody.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
/// All small blocks lie in one range of addresses, so that their owner is told by a comparison.
constexpr std::uintptr_t kNoRegion = UINTPTR_MAX - kRegion;  ///< no block is as near to it as to be in the range
constinit std::atomic<std::uintptr_t> region{kNoRegion};
constinit std::atomic<std::size_t> taken{0};
/// Sizes of the chunks, in granules.
constinit std::array<std::uint8_t, kRegion / kChunk> classes{};
constinit thread_local std::array<List, kClasses> lists{};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

/// The range, reserved by whoever comes first; kNoRegion when the system does not give it.
std::uintptr_t reserve() {
  void* made = ::mmap(nullptr, kRegion, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (made == MAP_FAILED) {
    taken.store(kRegion, std::memory_order_relaxed);  // nobody need ask again
    return kNoRegion;
  }
  std::uintptr_t expected = kNoRegion;
  if (!region.compare_exchange_strong(expected, reinterpret_cast<std::uintptr_t>(made))) {
    ::munmap(made, kRegion);
    return expected;
  }
  return reinterpret_cast<std::uintptr_t>(made);
}

void* from_system(std::size_t size) {
  while (true) {
    if (void* block = std::malloc(size == 0 ? 1 : size); block != nullptr) {
      return block;
    }
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) {
      throw std::bad_alloc();
    }
    handler();
  }
}

/// A block when none of the size is free.
void* from_chunk(List& list, std::size_t granules) {
  const std::size_t size = granules * kGranule;
  if (static_cast<std::size_t>(list.limit - list.cursor) < size) {
    std::uintptr_t base = region.load(std::memory_order_relaxed);
    if (base == kNoRegion && taken.load(std::memory_order_relaxed) < kRegion) {
      base = reserve();
    }
    const std::size_t at = base == kNoRegion ? kRegion : taken.fetch_add(kChunk, std::memory_order_relaxed);
    if (at >= kRegion) {
      return from_system(size);
    }
    classes[at / kChunk] = static_cast<std::uint8_t>(granules);
    list.cursor = reinterpret_cast<std::byte*>(base + at);
    list.limit = list.cursor + kChunk;
  }
  void* block = list.cursor;
  list.cursor += size;
  return block;
}

}  // namespace

void* operator new(std::size_t size) {
  if (size > kLargest) {
    return from_system(size);
  }
  const std::size_t granules = size == 0 ? 1 : (size + kGranule - 1) / kGranule;
  List& list = lists[granules];
  if (FreeBlock* block = list.free; block != nullptr) {
    list.free = block->next;
    return block;
  }
  return from_chunk(list, granules);
}

void operator delete(void* block) noexcept {
  const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(block) - region.load(std::memory_order_relaxed);
  if (offset >= kRegion) {
    std::free(block);
    return;
  }
  List& list = lists[classes[offset / kChunk]];
  auto* free = static_cast<FreeBlock*>(block);
  free->next = list.free;
  list.free = free;
}

void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}
#endif
