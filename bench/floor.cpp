// The least that a scanner can do with the same input: find the files, read them, parse them. whole_process compares
// the program with this, so that its figures mean the same on every machine.
#include <cstdio>
#include <string>
#include <vector>

#include "source/discovery.h"
#include "syntax/hcl/parser.h"

int main(int argc, char** argv) {
  using namespace gabion;
  const source::DiskFileSystem disk;
  const source::Limits limits;
  const std::vector<std::string> paths(argv + 1, argv + argc);
  const source::Expected<source::Inventory> inventory = source::discover(disk, paths, {});
  if (!inventory) {
    std::fprintf(stderr, "%s: %s\n", inventory.error().path.c_str(), inventory.error().message.c_str());
    return 2;
  }
  source::ArtifactStore store;
  source::Arena arena;
  std::size_t bytes = 0;
  std::size_t broken = 0;
  for (const source::DiscoveredFile& file : inventory->files) {
    source::Expected<std::string> text = disk.read(file.path, limits.file_bytes);
    if (!text) {
      ++broken;
      continue;
    }
    const source::Artifact& artifact = store.add(file.path, std::move(*text));
    bytes += artifact.bytes().size();
    if (file.kind == source::FileKind::kTerraform || file.kind == source::FileKind::kTerraformVariables) {
      broken += syntax::hcl::parse_file(artifact, arena, limits).ok() ? 0U : 1U;
    }
  }
  std::printf("%zu files, %zu bytes, %zu not readable\n", inventory->files.size(), bytes, broken);
  return 0;
}
