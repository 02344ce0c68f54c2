// fuzz: engine
// Any bytes as the configuration file: reading ends, an error has a place, and what was read can be applied to the
// rules.
#include <cstdint>
#include <string>

#include "engine/run.h"
#include "input.h"
#include "source/file_system.h"

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > gabion::fuzz::kMostBytes) {
    return 0;
  }
  const std::string text = text_of(data, size);
  const auto settings = gabion::engine::parse_settings(".gabion.yaml", text);
  if (!settings) {
    require(!settings.error().message.empty() && settings.error().path == ".gabion.yaml");
    // To prepare a run reads all rules, a thousand times what it takes to refuse a text: not every refused one is tried.
    constexpr std::size_t kRefusedTried = 32;
    if (size % kRefusedTried != 0) {
      return 0;
    }
  }
  gabion::source::MemoryFileSystem files;
  files.write(".gabion.yaml", text);
  files.write("main.tf", "resource \"aws_kms_key\" \"k\" {\n}\n");
  gabion::engine::InputOptions input;
  input.paths = {"."};
  gabion::engine::Run run;
  run.files = &files;
  const auto errors = gabion::engine::prepare(input, files, {}, run);
  require(settings.has_value() || !errors.empty());
  return 0;
}
