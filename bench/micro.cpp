// Throughput of single steps on the example estate, or on the tree that GABION_BENCH_DIR names. The stages that need
// what others made are in stages.cpp.
#include <benchmark/benchmark.h>

#include <string>

#include "aws/action_patterns.h"
#include "aws/managed_policies.h"
#include "aws/service_facts.h"
#include "source/discovery.h"
#include "source/gitignore.h"
#include "source/text.h"
#include "syntax/hcl/parser.h"
#include "tree.h"

namespace gabion {
namespace {

using bench::inventory;
using bench::Texts;

void discover_files(benchmark::State& state) {
  std::size_t found = 0;
  for (auto _ : state) {
    found += inventory().files.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(found));
}
BENCHMARK(discover_files);

void read_files(benchmark::State& state) {
  const source::Inventory tree = inventory();
  const source::DiskFileSystem disk;
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (const source::DiscoveredFile& file : tree.files) {
      const source::Expected<std::string> text = disk.read(file.path, source::Limits().file_bytes);
      bytes += text ? text.value().size() : 0U;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(read_files);

void inspect_texts(benchmark::State& state) {
  const Texts texts;
  for (auto _ : state) {
    for (const source::Artifact* artifact : texts.artifacts) {
      benchmark::DoNotOptimize(source::inspect_text(artifact->bytes()));
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(texts.bytes) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(inspect_texts);

void parse_hcl(benchmark::State& state) {
  const Texts texts;
  for (auto _ : state) {
    for (const source::Artifact* artifact : texts.artifacts) {
      source::Arena arena;
      benchmark::DoNotOptimize(syntax::hcl::parse_file(*artifact, arena, source::Limits()));
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(texts.bytes) * static_cast<std::int64_t>(state.iterations()));
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
