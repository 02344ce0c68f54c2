// Makes a system fail on demand. Linked into a second copy of the program only, whose memory and system calls go
// through here: each plan in an environment variable names the call that fails, and whether all later ones fail as
// well.
//
//   GABION_FAULT_NEW=100      the 100th allocation fails; 100+ and all after it
//   GABION_FAULT_MALLOC=10    the same of libraries in C, and of the system's
//   GABION_FAULT_READ=eio:3   the third read(2) fails with EIO; eintr and short are the other ways, 3+ and so on as
//   well GABION_FAULT_WRITE=enospc:2, GABION_FAULT_OPEN=emfile:5, GABION_FAULT_RENAME=eio:1, GABION_FAULT_LINK=eperm:1
//   GABION_FAULT_COUNT=FILE   writes how many calls of each kind there were
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker names them
// The linker sends every call of NAME to __wrap_NAME, and calls of __real_NAME to the system (--wrap).
extern "C" {
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* memory, std::size_t size);
ssize_t __real_read(int file, void* to, size_t size);
ssize_t __real_write(int file, const void* from, size_t size);
ssize_t __real_writev(int file, const iovec* parts, int count);
int __real_open(const char* path, int flags, ...);
int __real_rename(const char* from, const char* to);
int __real_link(const char* from, const char* to);
int __real_mallopt(int parameter, int value);
}

namespace {

/// Calls count from when main() prepares the heap on: what libraries set up before that cannot be told to anybody.
std::atomic<bool> begun{false};

/// What happens to the chosen calls of one kind.
enum class Way { kNone, kError, kShort };

struct Plan {
  const char* variable;
  std::atomic<long> calls{0};
  std::atomic<int> state{0};  // 0: not read yet, 1: being read, 2: read
  long first = 0;
  bool lasting = false;
  Way way = Way::kNone;
  int error = 0;

  void read() {
    int expected = 0;
    if (!state.compare_exchange_strong(expected, 1)) {
      return;
    }
    const char* text = std::getenv(variable);
    if (text != nullptr) {
      const char* colon = std::strchr(text, ':');
      const char* number = colon != nullptr ? colon + 1 : text;
      const auto named = [&](const char* name) {
        return colon != nullptr && std::strncmp(text, name, std::strlen(name)) == 0;
      };
      way = named("short") ? Way::kShort : Way::kError;
      error = named("eio")      ? EIO
              : named("eintr")  ? EINTR
              : named("enospc") ? ENOSPC
              : named("emfile") ? EMFILE
              : named("eperm")  ? EPERM
                                : ENOMEM;
      first = std::atol(number);
      lasting = std::strchr(number, '+') != nullptr;
    }
    state.store(2);
  }

  /// Counts a call and says what becomes of it.
  Way next() {
    if (!begun.load()) {
      return Way::kNone;
    }
    if (state.load() != 2) {
      read();
    }
    const long call = ++calls;
    const bool chosen = first > 0 && (call == first || (lasting && call > first));
    return chosen ? way : Way::kNone;
  }
};

constinit Plan memory{"GABION_FAULT_NEW"};
constinit Plan c_memory{"GABION_FAULT_MALLOC"};
constinit Plan reads{"GABION_FAULT_READ"};
constinit Plan writes{"GABION_FAULT_WRITE"};
constinit Plan opens{"GABION_FAULT_OPEN"};
constinit Plan renames{"GABION_FAULT_RENAME"};
constinit Plan links{"GABION_FAULT_LINK"};

/// Writes the counts at the end of the program.
struct Counts {
  Counts() = default;
  Counts(const Counts&) = delete;
  Counts& operator=(const Counts&) = delete;
  ~Counts() {
    const char* path = std::getenv("GABION_FAULT_COUNT");
    if (path == nullptr) {
      return;
    }
    if (FILE* file = std::fopen(path, "we"); file != nullptr) {
      static_cast<void>(std::fprintf(file, "new %ld malloc %ld read %ld write %ld open %ld rename %ld link %ld\n",
                                     memory.calls.load(), c_memory.calls.load(), reads.calls.load(),
                                     writes.calls.load(), opens.calls.load(), renames.calls.load(),
                                     links.calls.load()));
      static_cast<void>(std::fclose(file));
    }
  }
} counts;

void* no_memory() {
  errno = ENOMEM;
  return nullptr;
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (memory.next() != Way::kNone) {
    return nullptr;
  }
  const std::size_t some = size == 0 ? 1 : size;
  return alignment <= alignof(std::max_align_t)
             ? __real_malloc(some)
             : std::aligned_alloc(alignment, (some + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* const made = allocate(size, alignment);
  if (made == nullptr) {
    if (const std::new_handler handler = std::get_new_handler()) {
      handler();
    }
    throw std::bad_alloc();
  }
  return made;
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate_or_throw(size, 0);
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return allocate(size, 0);
}
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return allocate(size, 0);
}
void operator delete(void* made) noexcept {
  std::free(made);
}
void operator delete[](void* made) noexcept {
  std::free(made);
}
void operator delete(void* made, std::size_t /*size*/) noexcept {
  std::free(made);
}
void operator delete[](void* made, std::size_t /*size*/) noexcept {
  std::free(made);
}
void operator delete(void* made, std::align_val_t /*alignment*/) noexcept {
  std::free(made);
}
void operator delete[](void* made, std::align_val_t /*alignment*/) noexcept {
  std::free(made);
}
void operator delete(void* made, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  std::free(made);
}
void operator delete[](void* made, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  std::free(made);
}
void operator delete(void* made, const std::nothrow_t& /*tag*/) noexcept {
  std::free(made);
}
void operator delete[](void* made, const std::nothrow_t& /*tag*/) noexcept {
  std::free(made);
}

extern "C" {

void* __wrap_malloc(std::size_t size) {
  return c_memory.next() == Way::kNone ? __real_malloc(size) : no_memory();
}

void* __wrap_calloc(std::size_t count, std::size_t size) {
  return c_memory.next() == Way::kNone ? __real_calloc(count, size) : no_memory();
}

void* __wrap_realloc(void* memory_block, std::size_t size) {
  return c_memory.next() == Way::kNone ? __real_realloc(memory_block, size) : no_memory();
}

int __wrap_mallopt(int parameter, int value) {
  begun.store(true);
  return __real_mallopt(parameter, value);
}

ssize_t __wrap_read(int file, void* to, size_t size) {
  switch (reads.next()) {
    case Way::kError:
      errno = reads.error;
      return -1;
    case Way::kShort:
      return __real_read(file, to, size > 1 ? 1 : size);
    case Way::kNone:
      break;
  }
  return __real_read(file, to, size);
}

ssize_t __wrap_write(int file, const void* from, size_t size) {
  switch (writes.next()) {
    case Way::kError:
      errno = writes.error;
      return -1;
    case Way::kShort:
      return __real_write(file, from, size > 1 ? 1 : size);
    case Way::kNone:
      break;
  }
  return __real_write(file, from, size);
}

ssize_t __wrap_writev(int file, const iovec* parts, int count) {
  switch (writes.next()) {
    case Way::kError:
      errno = writes.error;
      return -1;
    case Way::kShort:
      for (int i = 0; i < count; ++i) {
        if (parts[i].iov_len > 0) {
          return __real_write(file, parts[i].iov_base, 1);
        }
      }
      return 0;
    case Way::kNone:
      break;
  }
  return __real_writev(file, parts, count);
}

int __wrap_open(const char* path, int flags, ...) {
  std::va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(rest, unsigned)) : 0;
  va_end(rest);
  if (opens.next() == Way::kError) {
    errno = opens.error;
    return -1;
  }
  return __real_open(path, flags, mode);
}

int __wrap_rename(const char* from, const char* to) {
  if (renames.next() == Way::kError) {
    errno = renames.error;
    return -1;
  }
  return __real_rename(from, to);
}

int __wrap_link(const char* from, const char* to) {
  if (links.next() == Way::kError) {
    errno = links.error;
    return -1;
  }
  return __real_link(from, to);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
