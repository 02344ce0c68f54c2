#include "syntax/memory.h"

#include <tree_sitter/api.h>

#include <cstdlib>

namespace gabion::syntax {
namespace {

// tree-sitter keeps its allocator for the whole process, and hands it no context.
void (*end_program)() = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void* checked(void* memory) {
  if (memory == nullptr) {
    end_program();
  }
  return memory;
}

// NOLINTBEGIN(cppcoreguidelines-no-malloc): what the library frees with free()
void* allocate(std::size_t size) {
  return checked(std::malloc(size == 0 ? 1 : size));
}
void* allocate_zeroed(std::size_t count, std::size_t size) {
  return checked(count == 0 || size == 0 ? std::calloc(1, 1) : std::calloc(count, size));
}
void* reallocate(void* memory, std::size_t size) {
  return checked(std::realloc(memory, size == 0 ? 1 : size));
}
// NOLINTEND(cppcoreguidelines-no-malloc)

}  // namespace

void on_memory_shortage(void (*end)()) {
  end_program = end;
  ts_set_allocator(allocate, allocate_zeroed, reallocate, std::free);
}

}  // namespace gabion::syntax
