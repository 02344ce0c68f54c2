// fuzz: engine
// Any bytes as a file of the cache: reading one ends, what is read can be written and read again, and asking the file
// system what it says was asked changes nothing.
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "cache/outcome.h"
#include "cache/store.h"
#include "engine/root_record.h"
#include "engine/rule_set.h"
#include "input.h"

namespace cache = gabion::cache;
namespace source = gabion::source;

namespace {

using gabion::fuzz::require;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const cache::Digest key = cache::digest_of("key");
  require(!cache::unsealed(key, bytes));  // nobody guesses a checksum
  const std::string file = cache::sealed(key, bytes);
  require(cache::unsealed(key, file) == bytes);
  require(!cache::unsealed(cache::digest_of("another"), file));

  if (const auto roots = gabion::engine::KeptRoots::from(bytes)) {
    const std::string again = roots->bytes();
    const auto same = gabion::engine::KeptRoots::from(again);
    require(same && same->size() == roots->size() && same->bytes() == again);
  }
  source::ArtifactStore artifacts;
  artifacts.add("main.tf", "resource \"aws_kms_key\" \"k\" {}\n", source::Role::kProject);
  gabion::findings::PackedFindings findings;
  std::deque<std::string> names;
  static const gabion::engine::RuleSet kNoRules;
  if (const auto record = gabion::engine::decoded_root(bytes, kNoRules, artifacts, findings, names)) {
    const std::string again = gabion::engine::encoded(*record, artifacts);
    const auto same = gabion::engine::decoded_root(again, kNoRules, artifacts, findings, names);
    require(same && gabion::engine::encoded(*same, artifacts) == again);
  }
  if (const auto visit = gabion::engine::decoded_visit(bytes, artifacts)) {
    const std::string again = gabion::engine::encoded(*visit, artifacts);
    const auto same = gabion::engine::decoded_visit(again, artifacts);
    require(same && gabion::engine::encoded(*same, artifacts) == again);
  }

  std::optional<cache::Outcome> outcome = cache::decoded(bytes);
  if (!outcome) {
    return 0;
  }
  const std::string written = cache::encoded(*outcome);
  const std::optional<cache::Outcome> again = cache::decoded(written);
  require(again && cache::encoded(*again) == written);
  require(again->out == outcome->out && again->err == outcome->err && again->summary == outcome->summary &&
          again->files == outcome->files && again->status == outcome->status);
  require(again->trace.observations.size() == outcome->trace.observations.size());

  source::MemoryFileSystem files;
  files.write("main.tf", "x");
  files.write("modules/a/main.tf", "y");
  files.link("modules/b", "a");
  const cache::Check first = cache::check(outcome->trace, files, source::no_stamp, 0);
  if (first.same) {
    const cache::Check second = cache::check(outcome->trace, files, source::no_stamp, 0);
    require(second.same && !second.refreshed);
  } else {
    require(!outcome->trace.observations.empty());
  }
  return 0;
}
