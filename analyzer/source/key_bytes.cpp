#include "source/key_bytes.h"

#include <algorithm>

namespace gabion::source {

void KeyBytes::make_room(std::size_t more) {
  constexpr std::size_t kLeast = 512;
  bytes_.resize(std::max({kLeast, 2 * bytes_.size(), size_ + more}));
}

}  // namespace gabion::source
