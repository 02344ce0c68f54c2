// fuzz: terraform
// Any bytes as a file of Terragrunt beside a root module, and as its list of downloaded modules and its variables:
// loading ends, and every place of what is told is inside of a file.
#include <cstdint>
#include <string>

#include "input.h"
#include "secrets/redactor.h"
#include "source/discovery.h"
#include "terraform/load.h"

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > gabion::fuzz::kMostBytes) {
    return 0;
  }
  const std::string text = text_of(data, size);
  gabion::source::MemoryFileSystem files;
  files.write("stack/main.tf", "variable \"a\" {}\n\nmodule \"m\" {\n  source = \"example/m/aws\"\n  a = var.a\n}\n");
  files.write("stack/terragrunt.hcl", text);
  files.write("stack/x.auto.tfvars", text);
  files.write("stack/y.auto.tfvars.json", text);
  files.write("stack/.terraform/modules/modules.json", text);
  files.write("stack/.terraform/modules/m/main.tf", "variable \"a\" {}\n");
  auto inventory = gabion::source::discover(files, {"stack"}, {});
  require(inventory.has_value());
  gabion::source::ArtifactStore artifacts;
  gabion::terraform::Options options;
  options.limits.nesting = 80;  // sanitizers make frames large
  options.limits.depth = 200;
  options.limits.steps = 20'000;
  options.limits.value_bytes = 1'000'000;
  gabion::terraform::Workspace workspace(files, artifacts, *inventory, options);
  const auto configuration = workspace.evaluate("stack");
  gabion::secrets::Redactor redactor;
  const auto loose = workspace.files(redactor);
  const auto check = [&](const gabion::findings::Diagnostics& diagnostics) {
    for (const gabion::findings::Diagnostic& diagnostic : diagnostics) {
      require(!diagnostic.message.empty());
      require(!diagnostic.region.valid() ||
              artifacts.get(diagnostic.region.artifact).whole().contains(diagnostic.region));
    }
  };
  check(workspace.diagnostics());
  check(configuration->diagnostics());
  check(loose->diagnostics());
  for (const gabion::model::Module& module : loose->modules()) {
    for (const gabion::model::ConfigurationBlock& block : module.blocks) {
      require(artifacts.get(block.region.artifact).whole().contains(block.region));
    }
  }
  return 0;
}
