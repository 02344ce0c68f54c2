#include "source/memory_shortage.h"

namespace gabion::source {
namespace {

std::new_handler given = nullptr;

}  // namespace

void end_guarded_shortage_with(std::new_handler end) {
  given = end;
}

MemoryGuard::MemoryGuard() : before_(std::set_new_handler(given)) {}

}  // namespace gabion::source
