// fuzz: terraform
// Any bytes as a configuration file in HCL and in JSON: a call by a local path that a parser sees is one that a look at
// the text saw, unless that said that there may be more.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "input.h"
#include "terraform/local_sources.h"
#include "terraform/module.h"
#include "terraform/syntax_memory.h"

namespace source = gabion::source;
namespace terraform = gabion::terraform;

namespace {

using gabion::fuzz::require;

void check(const std::string& path, terraform::FileForm form, const std::string& text) {
  const terraform::LocalSources found = terraform::local_sources(text);
  if (!found.complete) {
    return;
  }
  const source::Artifact artifact(source::ArtifactId{0}, path, text, source::Role::kProject);
  const source::Limits limits;
  source::Arena arena;
  std::deque<source::Artifact> texts;
  const terraform::ParsedFile parsed = terraform::parse_file(artifact, form, arena, limits, texts);
  if (parsed.body == nullptr) {
    return;
  }
  std::vector<const gabion::syntax::hcl::Block*> blocks;
  for (const gabion::syntax::hcl::Block& block : parsed.body->blocks) {
    blocks.push_back(&block);
  }
  terraform::Module module;
  module.directory = "a";
  gabion::findings::Diagnostics diagnostics;
  module.declare(blocks, arena, diagnostics);
  for (const terraform::CallDeclaration& call : module.calls) {
    require(!terraform::is_local_source(call.source) ||
            std::ranges::find(found.texts, call.source) != found.texts.end());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > gabion::fuzz::kMostBytes) {
    return 0;
  }
  const std::string text = gabion::fuzz::text_of(data, size);
  check("a/main.tf", terraform::FileForm::kHcl, text);
  check("a/main.tf.json", terraform::FileForm::kJsonConfiguration, text);
  return 0;
}
