// Throughput of single steps on the example estate, or on the tree that GABION_BENCH_DIR names. The stages that need
// what others made are in stages.cpp.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "aws/action_patterns.h"
#include "aws/managed_policies.h"
#include "aws/service_facts.h"
#include "source/discovery.h"
#include "source/gitignore.h"
#include "source/text.h"
#include "syntax/hcl/parser.h"

namespace gabion {
namespace {

std::string directory() {
  const char* given = std::getenv("GABION_BENCH_DIR");
  return given != nullptr ? given : GABION_SOURCE_DIR "/testdata/example";
}

source::Inventory files() {
  source::Expected<source::Inventory> inventory = source::discover(source::DiskFileSystem(), {directory()}, {});
  return inventory ? std::move(*inventory) : source::Inventory{};
}

/// All HCL files of the tree, in memory.
void add_files(source::ArtifactStore& store, std::vector<const source::Artifact*>& artifacts, std::size_t& bytes) {
  for (const source::DiscoveredFile& file : files().files) {
    if (file.kind == source::FileKind::kTerraform) {
      source::Expected<std::string> text = source::DiskFileSystem().read(file.path, source::Limits().file_bytes);
      if (text) {
        artifacts.push_back(&store.add(file.path, std::move(*text)));
        bytes += artifacts.back()->bytes().size();
      }
    }
  }
}

void discover_files(benchmark::State& state) {
  std::size_t found = 0;
  for (auto _ : state) {
    found += files().files.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(found));
}
BENCHMARK(discover_files);

void read_files(benchmark::State& state) {
  const source::Inventory inventory = files();
  const source::DiskFileSystem disk;
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (const source::DiscoveredFile& file : inventory.files) {
      const source::Expected<std::string> text = disk.read(file.path, source::Limits().file_bytes);
      bytes += text ? text.value().size() : 0U;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(read_files);

void inspect_texts(benchmark::State& state) {
  source::ArtifactStore store;
  std::vector<const source::Artifact*> artifacts;
  std::size_t bytes = 0;
  add_files(store, artifacts, bytes);
  for (auto _ : state) {
    for (const source::Artifact* artifact : artifacts) {
      benchmark::DoNotOptimize(source::inspect_text(artifact->bytes()));
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(inspect_texts);

void parse_hcl(benchmark::State& state) {
  source::ArtifactStore store;
  std::vector<const source::Artifact*> artifacts;
  std::size_t bytes = 0;
  add_files(store, artifacts, bytes);
  for (auto _ : state) {
    for (const source::Artifact* artifact : artifacts) {
      source::Arena arena;
      benchmark::DoNotOptimize(syntax::hcl::parse_file(*artifact, arena, source::Limits()));
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(parse_hcl);

void match_ignore_patterns(benchmark::State& state) {
  const source::IgnorePatterns patterns(
      "*.tfstate\n*.tfstate.*\ncrash.log\n*.tfvars\n!example.tfvars\n/build/\n.DS_Store\n**/.cache/\ndocs/**/*.html\n");
  for (auto _ : state) {
    benchmark::DoNotOptimize(patterns.match("envs/production/network/main.tf", false));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(match_ignore_patterns);

void find_action(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(aws::find_action("lambda:InvokeFunction"));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(find_action);

void expand_action_pattern(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(aws::expand_action("ec2:Describe*"));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(expand_action_pattern);

void find_managed_policy(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(aws::find_managed_policy("arn:aws:iam::aws:policy/PowerUserAccess"));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(find_managed_policy);

}  // namespace
}  // namespace gabion

BENCHMARK_MAIN();
