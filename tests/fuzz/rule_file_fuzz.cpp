// fuzz: engine
// Any bytes as a rule file: compiling ends, either there are rules or errors with places, and rules without errors can
// be prepared and judge a resource.
#include <cstdint>
#include <string>

#include "engine/analysis.h"
#include "engine/rule_compiler.h"
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
  gabion::source::Arena arena;
  const gabion::engine::CompiledRules compiled = gabion::engine::compile_rules("rule.yaml", text, arena);
  require(!compiled.rules.empty() || !compiled.errors.empty());
  for (const gabion::source::Error& error : compiled.errors) {
    require(!error.message.empty() && error.path == "rule.yaml");
  }
  gabion::source::MemoryFileSystem files;
  files.write("rule.yaml", text);
  files.write("stack/main.tf",
              "resource \"aws_kms_key\" \"k\" {\n  description = \"x\"\n}\n\n"
              "resource \"aws_s3_bucket\" \"b\" {\n  bucket = aws_kms_key.k.arn\n}\n");
  gabion::engine::RuleSet rules;
  if (!rules.load(files, "rule.yaml").empty()) {
    return 0;
  }
  const gabion::engine::Parameters parameters;
  gabion::terraform::Options options;
  options.limits.steps = 100'000;
  options.limits.value_bytes = 1'000'000;
  gabion::source::ArtifactStore artifacts;
  const auto result = gabion::engine::analyze({files, {"stack"}, rules, parameters, options, {}}, artifacts);
  require(result.has_value());
  return 0;
}
