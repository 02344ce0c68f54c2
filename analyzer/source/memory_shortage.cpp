#include "source/memory_shortage.h"

namespace gabion::source {
namespace {

// The handler belongs to the whole process and knows nothing: what it hangs on can stand nowhere else.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::new_handler given = nullptr;
constinit thread_local int guards = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void on_shortage() {
  if (guards > 0) {
    given();
  }
  throw std::bad_alloc();
}

}  // namespace

void end_guarded_shortage_with(std::new_handler end) {
  given = end;
  std::set_new_handler(on_shortage);
}

MemoryGuard::MemoryGuard() {
  ++guards;
}
MemoryGuard::~MemoryGuard() {
  --guards;
}

}  // namespace gabion::source
