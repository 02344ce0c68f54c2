// fuzz: engine
// Any bytes as a file of known findings: reading ends, and what was read is written and read to the same again, and
// matches itself.
#include <cstdint>
#include <string>
#include <vector>

#include "engine/baseline.h"
#include "input.h"

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gabion::engine::KnownFinding;
  const std::string text = text_of(data, size);
  const auto known = gabion::engine::parse_baseline("base.json", text);
  if (!known) {
    require(!known.error().message.empty());
    return 0;
  }
  const std::string written = gabion::engine::baseline_text(*known);
  const auto again = gabion::engine::parse_baseline("base.json", written);
  require(again && again->size() == known->size() && gabion::engine::baseline_text(*again) == written);
  std::vector<bool> taken(known->size());
  for (const std::ptrdiff_t index : gabion::engine::match(*known, *known)) {
    require(index >= 0 && !taken[static_cast<std::size_t>(index)]);
    taken[static_cast<std::size_t>(index)] = true;
  }
  return 0;
}
