// tests: report
// How many threads work on an analysis makes no difference to what it says, nor whether the syntax of root modules
// stays or goes: reports on random trees, with modules that repeat, broken files, JSON syntax, secrets and calls, are
// the same bytes.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/builtin_rules.h"
#include "random.h"
#include "report/formats.h"
#include "report/report.h"

namespace gabion::engine {
namespace {

using property::Random;

/// Texts of files, some of them wrong, with findings of several rules.
std::vector<std::string> texts() {
  return {
      "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = false\n}\n",
      "variable \"size\" {\n  type    = number\n  default = \"many\"\n}\n",
      "module \"m\" {\n  source = \"../m0\"\n  count  = 2\n}\n",
      "module \"n\" {\n  source = \"../m1\"\n}\n",
      "module \"hidden\" {\n  source = \"\\u002e./m2\"\n}\n",
      "module \"loaded\" {\n  source = \"acme/loaded/aws\"\n}\n",
      "variable \"db_password\" {\n  sensitive = true\n  default   = \"first-Guess-1\"\n}\n",
      "resource \"aws_db_instance\" \"d\" {\n  engine   = \"mysql\"\n  password = \"Zx81-Hunter-9\"\n}\n",
      "resource \"aws_kms_key\" \"half\" {\n  enable_key_rotation = \n",
      "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b-${var.size}\"\n}\noutput \"o\" {\n  value = "
      "aws_s3_bucket.b.arn\n}\n",
      "# gabion:ignore aws-kms-key-rotation rotated by hand\nresource \"aws_kms_key\" \"kept\" {\n  "
      "enable_key_rotation = false\n}\n",
      "resource \"aws_sqs_queue\" \"fine\" {\n  name = \"q\" # gabion:ignore aws-kms-* nothing to see here\n}\n",
      "locals {\n  listed = [for i in range(3) : \"x${i}\"]\n}\nstray = 1\n",
      "resource \"aws_security_group\" \"s\" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "
      "\"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n",
  };
}

void write_random_tree(Random& random, source::MemoryFileSystem& files) {
  const std::vector<std::string> all = texts();
  const std::size_t modules = 2 + random.below(random.chance(30) ? 40 : 12);
  for (std::size_t module = 0; module < modules; ++module) {
    const std::string directory = "x/m" + std::to_string(module) + "/";
    const std::size_t count = 1 + random.below(5);
    for (std::size_t file = 0; file < count; ++file) {
      std::string text = random.pick(all);
      // A module that calls itself is another test's subject.
      if (text.find("./m" + std::to_string(module) + "\"") == std::string::npos) {
        files.write(directory + "f" + std::to_string(file) + ".tf", std::move(text));
      }
    }
    if (random.chance(30)) {
      files.write(directory + "j.tf.json",
                  random.chance(70) ? R"({"resource": {"aws_sqs_queue": {"q": {"name": "q"}}}})" : R"({"resource": )");
    }
    if (random.chance(30)) {
      files.write(directory + "terraform.tfvars", "size = 3\ndb_password = \"s3cr3t-Value-77\"\n");
    }
    if (random.chance(20)) {
      files.write(directory + "over_override.tf", all.front());
    }
    if (module != 1 && random.chance(20)) {
      files.write(directory + ".terraform/modules/modules.json", R"({"Modules": [{"Key": "loaded", "Dir": "../m1"}]})");
    }
  }
}

/// `stays`: the syntax of all modules is kept to the end.
std::string report_of(const source::FileSystem& files, const std::string& path, const RuleSet& rules, std::size_t jobs,
                      bool stays = false) {
  const Parameters parameters;
  AnalysisRequest request{files, {path}, rules, parameters, {}, {}};
  request.terraform.jobs = jobs;
  if (stays) {
    request.observe = [](const model::Configuration& /*configuration*/, std::string_view /*environment*/) {};
  }
  // Suppressions, overrides and environments: what of one root module could be mixed with another's.
  HandlingSettings handling;
  handling.today = "2026-01-01";
  handling.overrides.push_back(
      {.paths = {"x/m1/"}, .skip = {"aws-sqs-*"}, .severities = {}, .observe = {}, .parameters = {}});
  request.handling = &handling;
  request.terraform.environments.push_back({.name = "test", .variables = {}, .workspace = "test", .roots = {"x/m0"}});
  request.terraform.environments.push_back({.name = "live", .variables = {}, .workspace = {}, .roots = {"x/m0"}});
  source::ArtifactStore artifacts;
  auto result = analyze(request, artifacts);
  EXPECT_TRUE(result);
  if (!result) {
    return {};
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
  std::ostringstream out;
  report::write_report("json", report, {}, out);
  for (const findings::Finding& finding : result->findings) {
    if (finding.fix && finding.fix->proposal != findings::kNoProposal) {
      out << finding.resource << ": " << result->proposals.at(finding.fix->proposal).alternatives.front().fix.title
          << '\n';
    }
  }
  return out.str();
}

TEST(JobsProperty, ReportsAreTheSameBytesForAnyNumberOfThreads) {
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  std::size_t findings = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    source::MemoryFileSystem files;
    write_random_tree(random, files);
    const std::string expected = report_of(files, "x", rules, 1);
    findings += expected.find("aws-kms-key-rotation") != std::string::npos ? 1 : 0;
    ASSERT_EQ(report_of(files, "x", rules, 1, true), expected) << "seed " << seed;
    for (const std::size_t jobs : std::initializer_list<std::size_t>{2, 3, 8}) {
      ASSERT_EQ(report_of(files, "x", rules, jobs), expected) << "seed " << seed << ", " << jobs << " jobs";
    }
  }
  EXPECT_GT(findings, 10U);
}

TEST(JobsProperty, RealModulesAreReportedTheSame) {
  const char* const corpora = std::getenv("GABION_CORPORA");
  if (corpora == nullptr) {
    GTEST_SKIP() << "GABION_CORPORA is not set";
  }
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  const source::DiskFileSystem files;
  std::size_t modules = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(corpora) / "real")) {
    if (!entry.is_directory()) {
      continue;
    }
    ++modules;
    const std::string path = entry.path().string();
    const std::string expected = report_of(files, path, rules, 1);
    EXPECT_TRUE(report_of(files, path, rules, 1, true) == expected) << path;
    for (const std::size_t jobs : std::initializer_list<std::size_t>{2, 4}) {
      EXPECT_TRUE(report_of(files, path, rules, jobs) == expected) << path << ", " << jobs << " jobs";
    }
  }
  EXPECT_GT(modules, 0U);
}

}  // namespace
}  // namespace gabion::engine
