// The tree that single steps and stages are measured on: the example estate, or what GABION_BENCH_DIR names.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "source/discovery.h"

namespace gabion::bench {

inline std::string directory() {
  const char* given = std::getenv("GABION_BENCH_DIR");
  return given != nullptr ? given : GABION_SOURCE_DIR "/testdata/example";
}

inline source::Inventory inventory() {
  source::Expected<source::Inventory> found = source::discover(source::DiskFileSystem(), {directory()}, {});
  return found ? std::move(*found) : source::Inventory{};
}

/// The HCL files of the tree, in memory.
struct Texts {
  Texts() {
    for (const source::DiscoveredFile& file : inventory().files) {
      if (file.kind == source::FileKind::kTerraform) {
        if (source::Expected<std::string> text =
                source::DiskFileSystem().read(file.path, source::Limits().file_bytes)) {
          artifacts.push_back(&store.add(file.path, std::move(*text)));
          bytes += artifacts.back()->bytes().size();
        }
      }
    }
  }
  source::ArtifactStore store;
  std::vector<const source::Artifact*> artifacts;
  std::size_t bytes = 0;
};

}  // namespace gabion::bench
