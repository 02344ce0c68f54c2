// fuzz: engine
// Any bytes as a file with comments: the exceptions in them are found, and every place lies inside of the text and is
// one that can be taken out.
#include <cstdint>
#include <string>

#include "engine/suppression.h"
#include "input.h"

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const gabion::source::Artifact artifact(gabion::source::ArtifactId{0}, "fuzz.tf", text_of(data, size),
                                          gabion::source::Role::kProject);
  gabion::source::Limits limits;
  limits.nesting = 100;
  const gabion::source::Region whole = artifact.whole();
  for (const gabion::engine::Suppression& one : gabion::engine::suppressions_of(artifact, limits)) {
    require(!one.configured && whole.contains(one.written) && one.removal.contains(one.written));
    require(whole.contains(one.removal));
    require(one.scope.valid() ? whole.contains(one.scope) : !one.problem.empty());
    require(one.rules.size() == one.rule_regions.size());
    for (const gabion::source::Region& region : one.rule_regions) {
      require(one.written.contains(region));
    }
  }
  return 0;
}
