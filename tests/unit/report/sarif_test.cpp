#include "report/sarif.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "report/uri.h"
#include "unit/report/golden.h"
#include "unit/report/hostile.h"
#include "unit/report/json_schema.h"
#include "unit/report/sample.h"
#include "unit/report/schemas.h"

namespace gabion::report {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string sarif_of(const Report& report) {
  std::ostringstream out;
  write_sarif(report, out);
  return out.str();
}

TEST(SarifReport, HasEverything) {
  const Sample sample;
  expect_golden("report.sarif", sarif_of(sample.report()));
}

TEST(SarifReport, IndicesPointAtWhatTheyName) {
  const Sample sample;
  const auto run = nlohmann::json::parse(sarif_of(sample.report()))["runs"][0];
  ASSERT_EQ(run["results"].size(), 10U);
  for (const auto& result : run["results"]) {
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    const auto& file = result["locations"][0]["physicalLocation"]["artifactLocation"];
    EXPECT_EQ(run["artifacts"][file["index"].get<std::size_t>()]["location"]["uri"], file["uri"]);
  }
}

TEST(SarifReport, CodeFlowsRunFromTheOriginToTheFinding) {
  const Sample sample;
  const auto run = nlohmann::json::parse(sarif_of(sample.report()))["runs"][0];
  for (const auto& result : run["results"]) {
    if (result.contains("codeFlows")) {
      const auto& steps = result["codeFlows"][0]["threadFlows"][0]["locations"];
      EXPECT_EQ(steps.front()["location"]["physicalLocation"]["artifactLocation"]["uri"], "main.tf");
      EXPECT_EQ(steps.back()["location"]["physicalLocation"]["region"],
                result["locations"][0]["physicalLocation"]["region"]);
    }
  }
}

TEST(SarifReport, EscapesWhatMessagesWouldInterpret) {
  source::ArtifactStore artifacts;
  std::vector<findings::Finding> findings(3);
  findings[0].message = "see [here](https://example.com) and {0}";
  findings[1].message = "a[0] is ${var.x}";
  findings[2].message = "{12} {} {a} {3";
  const Report report{artifacts, findings, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  const auto run = nlohmann::json::parse(sarif_of(report))["runs"][0];
  EXPECT_EQ(run["results"][0]["message"]["text"], "see \\[here\\](https://example.com) and {{0}}");
  EXPECT_EQ(run["results"][1]["message"]["text"], "a[0] is ${var.x}");
  EXPECT_EQ(run["results"][2]["message"]["text"], "{{12}} {} {a} {3");
}

TEST(SarifReport, LeavesOutFixesThatNeedAHand) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("a.tf", "x").id();
  std::vector<findings::Finding> findings(1);
  findings[0].region = {id, 0, 1};
  findings[0].fix = findings::Fix{"fill in", findings::Safety::kManual, {{{id, 0, 1}, "???"}}};
  const Report report{artifacts, findings, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  const auto run = nlohmann::json::parse(sarif_of(report))["runs"][0];
  EXPECT_FALSE(run["results"][0].contains("fixes"));
}

TEST(SarifReport, IsValid) {
  const nlohmann::json schema = read_schema("sarif-schema-2.1.0.json");
  if (schema.is_null()) {
    GTEST_SKIP() << "set GABION_SCHEMAS to a directory with sarif-schema-2.1.0.json";
  }
  ASSERT_TRUE(schema.is_object()) << "the schema is not readable";
  SchemaValidator validator(schema);
  const Sample sample;
  nlohmann::json log = nlohmann::json::parse(sarif_of(sample.report()));
  EXPECT_THAT(validator.validate(log), IsEmpty());

  source::ArtifactStore artifacts;
  const auto id = artifacts.add("/abs/\xFF \u00e9:%.tf", "x\n").id();
  std::vector<findings::Finding> findings(2);
  findings[1].region = {id, 0, 2};
  findings[1].message = "\xFF";
  const Report strange{artifacts, findings, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  EXPECT_THAT(validator.validate(nlohmann::json::parse(sarif_of(strange))), IsEmpty());

  const Hostile hostile;
  EXPECT_THAT(validator.validate(nlohmann::json::parse(sarif_of(hostile.report()))), IsEmpty());

  // The validator sees mistakes at all.
  log["runs"][0]["results"][0]["level"] = "fatal";
  log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b";
  log["runs"][0]["results"][0]["colour"] = "red";
  EXPECT_THAT(validator.validate(log), ::testing::SizeIs(3));
}

TEST(Uri, EncodesPaths) {
  EXPECT_EQ(uri_of_path("modules/a b/main.tf"), "modules/a%20b/main.tf");
  EXPECT_EQ(uri_of_path("./a/../b.tf"), "a/../b.tf");
  EXPECT_EQ(uri_of_path("c:d#e?f%g[0].tf"), "c%3Ad%23e%3Ff%25g%5B0%5D.tf");
  EXPECT_EQ(uri_of_path("\u00e9.tf"), "%C3%A9.tf");
  EXPECT_EQ(uri_of_path("/srv/x.tf"), "file:///srv/x.tf");
  EXPECT_EQ(uri_of_directory("/srv"), "file:///srv/");
  EXPECT_EQ(uri_of_directory("/"), "file:///");
}

}  // namespace
}  // namespace gabion::report
