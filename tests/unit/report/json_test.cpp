#include "report/json.h"

#include <gtest/gtest.h>

#include <locale>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "report/json_writer.h"
#include "unit/report/golden.h"
#include "unit/report/sample.h"

namespace gabion::report {
namespace {

std::string json_of(const Report& report) {
  std::ostringstream out;
  write_json(report, out);
  return out.str();
}

TEST(JsonReport, HasEverything) {
  const Sample sample;
  const std::string text = json_of(sample.report());
  expect_golden("report.json", text);
  const auto parsed = nlohmann::json::parse(text);
  EXPECT_EQ(parsed["schema_version"], 1);
  EXPECT_EQ(parsed["findings"].size(), 10U);
}

TEST(JsonReport, IsOneObjectWhenThereIsNothing) {
  const source::ArtifactStore artifacts;
  const Report report{artifacts, {}, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  const auto parsed = nlohmann::json::parse(json_of(report));
  EXPECT_TRUE(parsed["findings"].is_array());
  EXPECT_TRUE(parsed["findings"].empty());
  EXPECT_EQ(parsed["summary"]["incomplete"], false);
}

TEST(JsonReport, EscapesWhatIsNotPlainWhereverItStands) {
  const std::vector<std::pair<std::string, std::string>> escapes = {
      {"\"", "\\\""},      {"\\", "\\\\"},      {"\n", "\\n"},      {std::string(1, '\0'), "\\u0000"},
      {"\x1f", "\\u001f"}, {"\x7f", "\\u007f"}, {"\x80", "\uFFFD"}, {"\xff", "\uFFFD"},
      {"é", "é"},          {"~", "~"}};
  for (const auto& [text, escaped] : escapes) {
    for (std::size_t before = 0; before < 18; ++before) {
      const std::string some(before, 'a');
      std::ostringstream out;
      {
        JsonWriter writer(out);
        writer.string(some + text + "behind it all");
      }
      EXPECT_EQ(out.str(), "\"" + some + escaped + "behind it all\"");
    }
  }
}

TEST(JsonReport, IsIndentedHoweverDeep) {
  constexpr std::size_t kDepth = 40;
  std::ostringstream out;
  JsonWriter writer(out);
  for (std::size_t i = 0; i < kDepth; ++i) {
    writer.begin_array();
  }
  writer.null();
  writer.null();
  for (std::size_t i = 0; i < kDepth; ++i) {
    writer.end_array();
  }
  const std::string inner = "\n" + std::string(2 * kDepth, ' ') + "null";
  EXPECT_NE(out.str().find(inner + "," + inner + "\n" + std::string(2 * kDepth - 2, ' ') + "]\n"), std::string::npos);
}

TEST(JsonReport, SurvivesBytesThatAreNoText) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("\xFF.tf", "\xC3\x28").id();
  std::vector<findings::Finding> findings(1);
  findings[0].region = {id, 0, 1};
  findings[0].message = "\xED\xA0\x80 \x01 \"\\ \u2028";
  const Report report{artifacts, findings, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  const auto parsed = nlohmann::json::parse(json_of(report));
  EXPECT_EQ(parsed["findings"][0]["file"], "\uFFFD.tf");
  EXPECT_EQ(parsed["findings"][0]["message"], "\uFFFD\uFFFD\uFFFD \x01 \"\\ \u2028");
}

TEST(JsonWriter, WritesNestedValues) {
  std::ostringstream out;
  JsonWriter json(out);
  json.begin_object();
  json.begin_array("a");
  json.number(1'000'000);
  json.boolean(true);
  json.null();
  json.begin_object();
  json.end_object();
  json.end_array();
  json.begin_array("b");
  json.end_array();
  json.member("c", "x\n");
  json.end_object();
  EXPECT_EQ(out.str(),
            "{\n  \"a\": [\n    1000000,\n    true,\n    null,\n    {}\n  ],\n  \"b\": [],\n  \"c\": \"x\\n\"\n}\n");
}

TEST(JsonWriter, RepeatsValues) {
  constexpr std::size_t kLong = std::size_t{100} * 1024;
  std::ostringstream out;
  JsonWriter json(out);
  std::string known;
  int written = 0;
  json.begin_array();
  for (int i = 0; i < 3; ++i) {
    json.begin_object();
    json.key("same");
    json.repeated(known, [&] {
      json.begin_array();
      json.string(std::string(kLong, 'x'));
      json.string("y");
      json.end_array();
      ++written;
    });
    json.member_number("i", static_cast<std::uint64_t>(i));
    json.end_object();
  }
  json.end_array();
  EXPECT_EQ(written, 1);
  const std::string same = "{\n    \"same\": [\n      \"" + std::string(kLong, 'x') + "\",\n      \"y\"\n    ],\n";
  EXPECT_EQ(out.str(), "[\n  " + same + "    \"i\": 0\n  },\n  " + same + "    \"i\": 1\n  },\n  " + same +
                           "    \"i\": 2\n  }\n]\n");
}

}  // namespace
}  // namespace gabion::report
