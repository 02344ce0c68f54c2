#include "eval/memory.h"

#include <gmp.h>

#include <cstdlib>

namespace gabion::eval {
namespace {

// GMP keeps its allocator for the whole process, and hands it no context.
void (*end_program)() = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void* checked(void* memory) {
  if (memory == nullptr) {
    end_program();
  }
  return memory;
}

// NOLINTBEGIN(cppcoreguidelines-no-malloc): what the library frees with free()
void* allocate(std::size_t size) {
  return checked(std::malloc(size));
}
void* reallocate(void* memory, std::size_t /*old_size*/, std::size_t size) {
  return checked(std::realloc(memory, size));
}
void release(void* memory, std::size_t /*size*/) {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

}  // namespace

void on_memory_shortage(void (*end)()) {
  end_program = end;
  mp_set_memory_functions(allocate, reallocate, release);
}

}  // namespace gabion::eval
