// The program's operator new and delete. An analysis makes and drops millions of small blocks, and what a general
// allocator does for each of them was a fifth of a scan. Blocks of one size are taken from lists here, one set of lists
// for each thread; what is large is left to malloc. A block that is dropped twice, or that is none, ends the program.
// Only the program has it: tests and sanitizers keep the allocator of their library.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>

namespace {

constexpr std::size_t kGranule = 16;  ///< alignment of everything, and what sizes differ by
constexpr std::size_t kClasses = 65;
constexpr std::size_t kLargestSmall = kGranule * (kClasses - 1) + 8;
constexpr std::size_t kFirstChunk = std::size_t{2} * 1024;
constexpr std::size_t kLargestChunk = std::size_t{64} * 1024;

constexpr std::uint64_t kClassMask = 0xff;
constexpr std::uint64_t kUsed = 0x6761'6269'6f6e'7500;
constexpr std::uint64_t kFree = 0x6761'6269'6f6e'6600;
constexpr std::uint64_t kLarge = 0x6761'6269'6f6e'6c00;

/// The head of a block, and what stands in the block while nobody uses it.
struct Block {
  std::uint64_t state;  ///< kUsed or kFree with the class, or kLarge
  Block* next;
  Block* next_batch;  ///< of the first block of a batch
};
constexpr std::size_t kHead = offsetof(Block, next);
static_assert(kHead == 8);

/// A class has blocks with 16 * class + 8 bytes of use; class 0 is too small to be kept in a list.
constexpr std::size_t class_of(std::size_t size) {
  return size <= kGranule + 8 ? 1 : (size + 7) / kGranule;
}
constexpr std::size_t stride_of(std::size_t number) {
  return kGranule * (number + 1);
}
/// No thread keeps more unused blocks of a class than that: those of one thread may be dropped by another.
constexpr std::ptrdiff_t most_of(std::size_t number) {
  constexpr std::size_t kBytes = std::size_t{256} * 1024;
  return static_cast<std::ptrdiff_t>(kBytes / stride_of(number));
}

/// Memory of which no blocks were made yet.
struct Range {
  std::byte* begin;
  std::byte* end;
};

/// Blocks of one class that a thread may hand out.
struct List {
  Block* free;
  std::ptrdiff_t room;  ///< how many more it may hold; counted from 0 until there were too many for the first time
  bool counted;         ///< there were
  Range rest;
  std::size_t chunk;  ///< how much was taken from malloc last
};

/// What threads gave back, for any of them.
struct Store {
  std::mutex mutex;
  std::array<Block*, kClasses> batches;
  std::array<Range, kClasses> rests;  ///< the largest of those given back
};

// An allocator has state that is there before everything else and after it.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
constinit thread_local std::array<List, kClasses> lists{};
constinit Store store{};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

/// Gives the unused blocks of a list to the other threads.
[[gnu::noinline]] void give_back(List& list, std::size_t number) {
  if (list.free == nullptr) {
    return;
  }
  const std::lock_guard lock(store.mutex);
  list.free->next_batch = store.batches[number];
  store.batches[number] = list.free;
  list.free = nullptr;
  list.room = most_of(number);
  list.counted = true;
}

/// The list has no room for what it was given, as far as was counted.
[[gnu::noinline]] void overflow(List& list, std::size_t number) {
  if (list.counted) {
    give_back(list, number);
  } else {  // a list is all zero at first
    list.counted = true;
    list.room += most_of(number);
  }
}

/// Gives back all that a thread has when it ends.
class Ending {
 public:
  Ending() = default;
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  ~Ending() {
    for (std::size_t number = 1; number < kClasses; ++number) {
      List& list = lists[number];
      give_back(list, number);
      const std::lock_guard lock(store.mutex);
      Range& known = store.rests[number];
      if (list.rest.end - list.rest.begin > known.end - known.begin) {
        known = list.rest;
      }
      list.rest = {};
    }
  }
  void expect() {}
};

void* from_malloc(std::size_t size) {
  while (true) {
    if (void* memory = std::malloc(size)) {
      return memory;
    }
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) {
      throw std::bad_alloc();
    }
    handler();
  }
}

/// What a block is good for.
void* use(Block* block, std::uint64_t state) {
  block->state = state;
  return reinterpret_cast<std::byte*>(block) + kHead;
}

[[gnu::noinline]] void* allocate_large(std::size_t size) {
  if (size > SIZE_MAX - kGranule) {
    throw std::bad_alloc();
  }
  auto* memory = static_cast<std::byte*>(from_malloc(size + kGranule));
  return use(reinterpret_cast<Block*>(memory + kGranule - kHead), kLarge);
}

/// The next block of memory that was not used before.
void* carve(List& list, std::size_t number) {
  auto* block = reinterpret_cast<Block*>(list.rest.begin);
  list.rest.begin += stride_of(number);
  return use(block, kUsed + number);
}

/// A block of a class of which the thread has none.
[[gnu::noinline]] void* allocate_more(List& list, std::size_t number) {
  const auto stride = static_cast<std::ptrdiff_t>(stride_of(number));
  if (list.rest.end - list.rest.begin >= stride) {
    return carve(list, number);
  }
  thread_local Ending ending;  // made here, as those of other threads need none
  ending.expect();
  {
    const std::lock_guard lock(store.mutex);
    if (Block* const batch = store.batches[number]) {
      store.batches[number] = batch->next_batch;
      list.free = batch->next;
      list.room = most_of(number);
      list.counted = true;
      return use(batch, kUsed + number);
    }
    list.rest = store.rests[number];
    store.rests[number] = {};
  }
  if (list.rest.end - list.rest.begin < stride) {
    const std::size_t wanted = list.chunk == 0 ? kFirstChunk : list.chunk * 2;
    list.chunk = wanted > kLargestChunk ? kLargestChunk : wanted;
    auto* memory = static_cast<std::byte*>(from_malloc(list.chunk));
    // So that what follows a head is aligned.
    list.rest = {memory + kGranule - kHead, memory + list.chunk};
  }
  return carve(list, number);
}

[[gnu::noinline]] void drop_other(Block* block) {
  if (block->state != kLarge) {
    std::abort();  // dropped before, or written over
  }
  block->state = 0;
  std::free(reinterpret_cast<std::byte*>(block) + kHead - kGranule);
}

}  // namespace

void* operator new(std::size_t size) {
  if (size > kLargestSmall) {
    return allocate_large(size);
  }
  const std::size_t number = class_of(size);
  List& list = lists[number];
  Block* const block = list.free;
  if (block == nullptr) {
    return allocate_more(list, number);
  }
  list.free = block->next;
  ++list.room;
  return use(block, kUsed + number);
}

void operator delete(void* memory) noexcept {
  if (memory == nullptr) {
    return;
  }
  auto* block = reinterpret_cast<Block*>(static_cast<std::byte*>(memory) - kHead);
  const std::size_t number = block->state & kClassMask;
  if ((block->state & ~kClassMask) != kUsed) {
    drop_other(block);
    return;
  }
  block->state = kFree;
  List& list = lists[number];
  block->next = list.free;
  list.free = block;
  if (--list.room < 0) {
    overflow(list, number);
  }
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  operator delete(memory);
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void operator delete[](void* memory) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  operator delete(memory);
}
