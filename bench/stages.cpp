// What the stages of an analysis cost, each without those before it: reading and parsing by one worker and by two,
// evaluation down to the model, rules, rules with their fixes, reports, and the prover. On the example estate, or on
// the tree that GABION_BENCH_DIR names.
#include <benchmark/benchmark.h>

#include <deque>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/builtin_rules.h"
#include "engine/judge.h"
#include "iam/document.h"
#include "iam/prove.h"
#include "report/formats.h"
#include "source/workers.h"
#include "syntax/hcl/parser.h"
#include "terraform/load.h"
#include "tree.h"

namespace gabion {
namespace {

using bench::directory;
using bench::Texts;

/// Wall time: what a second worker is good for.
void parse_with_workers(benchmark::State& state) {
  const Texts texts;
  const auto workers = static_cast<std::size_t>(state.range(0));
  const source::Limits limits;
  for (auto _ : state) {
    std::deque<source::Arena> arenas(workers);
    source::work_on(texts.artifacts.size(), workers, [&](std::size_t index, std::size_t worker) {
      benchmark::DoNotOptimize(syntax::hcl::parse_file(*texts.artifacts[index], arenas[worker], limits));
    });
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(texts.bytes) * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(parse_with_workers)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

/// The workspace of the tree.
struct Opened {
  source::DiskFileSystem files;
  source::ArtifactStore artifacts;
  source::Inventory found = bench::inventory();
  terraform::Workspace workspace{files, artifacts, found, {}};
};

void load(benchmark::State& state) {
  for (auto _ : state) {
    const Opened opened;
    benchmark::DoNotOptimize(opened.workspace.file_count());
  }
}
BENCHMARK(load)->Unit(benchmark::kMillisecond);

void evaluate_and_lower(benchmark::State& state) {
  Opened opened;
  std::size_t resources = 0;
  for (auto _ : state) {
    for (const std::string& root : opened.workspace.roots()) {
      resources += opened.workspace.evaluate(root)->resources().size();
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(resources));
}
BENCHMARK(evaluate_and_lower)->Unit(benchmark::kMillisecond);

/// With the argument 1 fixes are made too.
void judge(benchmark::State& state) {
  Opened opened;
  std::vector<std::unique_ptr<model::Configuration>> configurations;
  for (const std::string& root : opened.workspace.roots()) {
    configurations.push_back(opened.workspace.evaluate(root));
  }
  engine::RuleSet rules;
  if (!rules.add(engine::builtin_rules())) {
    state.SkipWithError("rules with equal names");
    return;
  }
  const engine::Parameters parameters;
  const source::Limits limits;
  std::size_t findings = 0;
  for (auto _ : state) {
    // Fresh, as what is remembered of one run is not there in another.
    engine::PreparedRules prepared(rules, parameters, opened.artifacts);
    engine::Verdicts verdicts;
    verdicts.make_fixes = state.range(0) != 0;
    for (const std::unique_ptr<model::Configuration>& configuration : configurations) {
      engine::judge(*configuration, prepared, opened.artifacts, limits, verdicts);
    }
    findings += verdicts.findings.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(findings));
}
BENCHMARK(judge)->Arg(0)->Arg(1)->ArgName("fixes")->Unit(benchmark::kMillisecond);

void write_report(benchmark::State& state, const char* format) {
  const source::DiskFileSystem files;
  source::ArtifactStore artifacts;
  engine::RuleSet rules;
  const engine::Parameters parameters;
  if (!rules.add(engine::builtin_rules())) {
    state.SkipWithError("rules with equal names");
    return;
  }
  const auto result = engine::analyze({files, {directory()}, rules, parameters, {}, {}}, artifacts);
  if (!result) {
    state.SkipWithError("nothing to analyse");
    return;
  }
  report::Report report{.artifacts = artifacts,
                        .findings = result->findings,
                        .unresolved = result->unresolved,
                        .diagnostics = result->diagnostics,
                        .summary = {},
                        .rules = {},
                        .tool_name = "gabion",
                        .tool_version = "0",
                        .base = {}};
  report.undecided = result->unresolved;
  report.ledger = &result->ledger;
  std::size_t bytes = 0;
  for (auto _ : state) {
    std::ostringstream out;
    report::write_report(format, report, {}, out);
    bytes += out.view().size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK_CAPTURE(write_report, text, "text")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(write_report, json, "json")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(write_report, sarif, "sarif")->Unit(benchmark::kMillisecond);

/// One question about a bucket's policy: yes, and no with a witness.
void prove(benchmark::State& state) {
  const iam::PolicyReading reading = iam::read_policy_json(R"({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "s3:*",
     "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]},
    {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]})");
  const iam::ParsedFormula question = iam::read_formula(
      state.range(0) != 0 ? R"({"all": [{"action": "s3:PutObject"}, {"eq": ["aws:SecureTransport", "false"]}]})"
                          : R"({"all": [{"action": "s3:PutObject"}, {"principal": {"type": "user"}}]})");
  if (reading.documents.empty() || !question.formula) {
    state.SkipWithError("no question");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        iam::prove_never_allows(reading.documents.front(), iam::PolicyKind::kResource, *question.formula));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(prove)->Arg(0)->Arg(1)->ArgName("yes")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace gabion

BENCHMARK_MAIN();
