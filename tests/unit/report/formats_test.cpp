// The formats for services and spreadsheets: what they say of the sample, and that no text breaks out of them.
#include "report/formats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "report/bitbucket.h"
#include "report/github.h"
#include "report/gitlab.h"
#include "report/markdown.h"
#include "report/markup.h"
#include "report/unicode.h"
#include "unit/report/golden.h"
#include "unit/report/hostile.h"
#include "unit/report/json_schema.h"
#include "unit/report/sample.h"
#include "unit/report/schemas.h"

namespace gabion::report {
namespace {

using nlohmann::json;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string written(std::string_view format, const Report& report) {
  std::ostringstream out;
  write_report(format, report, {}, out);
  return out.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

class FormatTest : public testing::TestWithParam<std::string_view> {};

TEST_P(FormatTest, SaysWhatTheSampleHas) {
  const Sample sample;
  Report report = sample.report();
  report.started = 1767225600;
  report.finished = 1767225601;
  expect_golden("report." + std::string(GetParam()), written(GetParam(), report));
}

TEST_P(FormatTest, IsTheSameEveryTime) {
  const Sample sample;
  EXPECT_EQ(written(GetParam(), sample.report()), written(GetParam(), sample.report()));
}

INSTANTIATE_TEST_SUITE_P(Services, FormatTest,
                         testing::Values("junit", "github", "gitlab", "codeclimate", "bitbucket", "csv", "markdown"),
                         [](const auto& tested) { return std::string(tested.param); });

class EveryFormatTest : public testing::TestWithParam<std::string_view> {};

/// No escape sequence, no text that runs the other way, nothing that is no UTF-8, whatever the format.
TEST_P(EveryFormatTest, PrintsNothingThatDeceives) {
  const Hostile hostile;
  const std::string text = written(GetParam(), hostile.report());
  EXPECT_EQ(valid_utf8(text), text);
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint code_point = code_point_at(text, offset);
    const bool line_end = code_point.code_point == '\n' || (code_point.code_point == '\r' && GetParam() == "csv");
    EXPECT_TRUE(line_end || !is_deceptive(code_point.code_point))
        << GetParam() << " has U+" << std::hex << code_point.code_point << " at " << std::dec << offset << ": "
        << text.substr(offset < 30 ? 0 : offset - 30, 60);
    offset += code_point.size;
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryFormatTest, testing::ValuesIn(format_names().begin(), format_names().end()),
                         [](const auto& tested) {
                           std::string name(tested.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(GithubReport, HasNothingButCommandsOfItsOwn) {
  const Hostile hostile;
  const std::vector<std::string> lines = lines_of(written("github", hostile.report()));
  // Eleven findings that count, eight problems that are more than notes.
  EXPECT_THAT(lines, SizeIs(19));
  const std::set<std::string> kinds = {"::error", "::warning", "::notice"};
  for (const std::string& line : lines) {
    EXPECT_EQ(kinds.count(line.substr(0, line.find(' '))), 1U) << line;
    // Properties end at the next "::": none may be within them.
    const std::string properties = line.substr(0, line.find("::", 2));
    EXPECT_THAT(properties, HasSubstr("title=")) << line;
  }
}

TEST(GithubReport, SaysThatThereAreMoreThanAreShown) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("a.tf", std::string(100, '\n')).id();
  std::vector<findings::Finding> findings(25);
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    findings[i].severity = i < 24 ? findings::Severity::kHigh : findings::Severity::kCritical;
    findings[i].message = "m" + std::to_string(i);
    findings[i].region = {id, i, i};
  }
  const Report report{artifacts, findings, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  const std::vector<std::string> lines = lines_of(written("github", report));
  ASSERT_THAT(lines, SizeIs(26));
  EXPECT_EQ(lines[0], "::notice title=gabion::25 errors, of which GitHub shows the first 10 here; the log has all");
  EXPECT_THAT(lines[1], HasSubstr("critical[unknown-rule]: m24"));
}

TEST(GithubReport, NamesFilesFromTheWorkspace) {
  const Sample sample;
  Report report = sample.report();
  report.base = "/work space/infra/live";
  report.workspace = "/work space";
  EXPECT_THAT(written("github", report), HasSubstr("file=infra/live/main.tf,line="));
  EXPECT_EQ(service_path("../x/./a.tf", report), "infra/x/a.tf");
  EXPECT_EQ(service_path("/elsewhere/a.tf", report), "/elsewhere/a.tf");
  EXPECT_EQ(service_path("../../../a.tf", report), "/a.tf");
}

TEST(GitlabReport, IsValid) {
  const json schema = read_schema("gitlab-sast-15.0.4.json");
  if (schema.is_null()) {
    GTEST_SKIP() << "set GABION_SCHEMAS to a directory with gitlab-sast-15.0.4.json";
  }
  SchemaValidator validator(schema);
  const Sample sample;
  json report = json::parse(written("gitlab", sample.report()));
  EXPECT_THAT(validator.validate(report), IsEmpty());
  const Hostile hostile;
  EXPECT_THAT(validator.validate(json::parse(written("gitlab", hostile.report()))), IsEmpty());

  // The validator sees mistakes at all.
  report["version"] = "15";
  report["vulnerabilities"][0].erase("identifiers");
  report["vulnerabilities"][1]["severity"] = "high";
  EXPECT_THAT(validator.validate(report), SizeIs(3));
}

TEST(GitlabReport, GivesEveryFindingAnIdOfItsOwn) {
  const Sample sample;
  Report report = sample.report();
  std::vector<findings::Finding> twice(report.findings.begin(), report.findings.end());
  twice.insert(twice.end(), report.findings.begin(), report.findings.end());
  report.findings = twice;
  std::set<std::string> ids;
  const json document = json::parse(written("gitlab", report));
  for (const json& vulnerability : document["vulnerabilities"]) {
    EXPECT_TRUE(ids.insert(vulnerability["id"]).second) << vulnerability["id"];
  }
  std::set<std::string> fingerprints;
  for (const json& issue : json::parse(written("codeclimate", report))) {
    EXPECT_TRUE(fingerprints.insert(issue["fingerprint"]).second) << issue["fingerprint"];
  }
  // Those that were alone keep theirs.
  EXPECT_THAT(unique_fingerprints(sample.findings), Each(SizeIs(32)));
  EXPECT_EQ(unique_fingerprints(sample.findings).front(), sample.findings.front().fingerprint);
}

/// Findings of a rule that is only observed are told and fail nothing.
TEST(Formats, TellWhatIsOnlyObserved) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("a.tf", "x\n").id();
  std::vector<findings::Finding> findings(1);
  findings[0].message = "m";
  findings[0].severity = findings::Severity::kCritical;
  findings[0].region = {id, 0, 1};
  findings[0].observation = findings::Observation{"2026-12-01"};
  Report report{artifacts, findings, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  report.summary.counts = count(findings);
  EXPECT_TRUE(is_clean(report));
  EXPECT_THAT(written("github", report), StartsWith("::notice "));
  EXPECT_THAT(written("junit", report),
              HasSubstr("<skipped type=\"observed\" message=\"fails nothing before 2026-12-01\">"));
  EXPECT_EQ(json::parse(written("gitlab", report))["vulnerabilities"][0]["severity"], "Info");
  EXPECT_EQ(json::parse(written("codeclimate", report))[0]["severity"], "info");
  EXPECT_EQ(json::parse(written("bitbucket", report))["report"]["result"], "PASSED");
  EXPECT_THAT(written("csv", report), HasSubstr("\"fails nothing before 2026-12-01\""));
  EXPECT_THAT(written("markdown", report), HasSubstr("- observed: fails nothing before 2026-12-01"));
  EXPECT_THAT(written("html", report), HasSubstr("<span class=\"badge observed\">observed</span>"));
}

TEST(BitbucketReport, KeepsToTheLimits) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("a.tf", std::string(2000, '\n')).id();
  std::vector<findings::Finding> findings(1234);
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    findings[i].message = std::string(5000, 'x');
    findings[i].region = {id, i, i};
  }
  Report report{artifacts, findings, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  report.summary.counts = count(findings);
  const json document = json::parse(written("bitbucket", report));
  ASSERT_THAT(document["annotations"], SizeIs(10));
  for (const json& request : document["annotations"]) {
    EXPECT_THAT(request, SizeIs(100));
  }
  EXPECT_THAT(document["annotations"][0][0]["summary"].get<std::string>(), SizeIs(450));
  EXPECT_EQ(document["report"]["result"], "FAILED");
  EXPECT_THAT(document["report"]["details"].get<std::string>(), HasSubstr("234 places beyond the limit"));
}

TEST(CsvReport, HasNoFormulas) {
  const Hostile hostile;
  const std::string text = written("csv", hostile.report());
  EXPECT_THAT(text, HasSubstr("\"'=HYPERLINK(\"\"http://evil.example\"\")\""));
  // Every line has the same number of cells.
  for (const std::string& line : lines_of(text)) {
    std::size_t cells = 1;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      quoted = line[i] == '"' ? !quoted : quoted;
      cells += line[i] == ',' && !quoted ? 1 : 0;
    }
    EXPECT_EQ(cells, 21U) << line;
    EXPECT_FALSE(quoted) << line;
  }
}

TEST(MarkdownReport, MentionsNobodyAndLinksNowhere) {
  const Hostile hostile;
  std::string text;
  bool code = false;
  for (const std::string& line : lines_of(written("markdown", hostile.report()))) {
    code = line.starts_with("```") ? !code : code;
    text += code ? "" : line + "\n";
  }
  EXPECT_FALSE(code);
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
  EXPECT_THAT(text, HasSubstr("<span>@</span>admin <span>#</span>12 http<span>:</span>//evil.example"));
  EXPECT_THAT(text, HasSubstr("www<span>.</span>evil.example"));
}

TEST(MarkdownReport, KeepsToItsSize) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("a.tf", std::string(3000, '\n')).id();
  std::vector<findings::Finding> findings(3000);
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    findings[i].message = "message number " + std::to_string(i);
    findings[i].region = {id, i, i};
  }
  const findings::Diagnostics diagnostics(3000, {.severity = findings::DiagnosticSeverity::kError,
                                                 .code = "c",
                                                 .message = "broken",
                                                 .hint = "",
                                                 .region = {},
                                                 .path = "x"});
  Report report{artifacts, findings, {}, diagnostics, {}, {}, "gabion", "0.1.0", ""};
  report.summary.counts = count(findings);
  for (const std::size_t size : {2000U, 65536U, 1048576U}) {
    std::ostringstream out;
    write_markdown(report, {.max_bytes = size}, out);
    EXPECT_LE(out.str().size(), size);
    EXPECT_GT(out.str().size(), std::min<std::size_t>(size / 2, 60000));
    EXPECT_THAT(out.str(), HasSubstr("3000 findings"));
  }
  std::ostringstream out;
  write_markdown(report, {.max_bytes = 0}, out);
  EXPECT_THAT(out.str(), HasSubstr("message number 2999"));
}

TEST(Markup, EscapesCodeSpans) {
  EXPECT_EQ(markdown_code("a_b[0]"), "`a_b[0]`");
  EXPECT_EQ(markdown_code("a`b"), "``a`b``");
  EXPECT_EQ(markdown_code("`a``"), "``` `a`` ```");
  EXPECT_EQ(markdown_code(""), "`  `");
  EXPECT_EQ(markdown_code("a|<b>"), "<code>a&#124;&#60;b&#62;</code>");
  EXPECT_EQ(markdown_code("<b>"), "<code>&#60;b&#62;</code>");
}

TEST(Markup, KeepsOtherAlphabets) {
  EXPECT_EQ(markdown_html("\u00fc <b> @x"), "\u00fc &lt;b&gt; <span>@</span>x");
  EXPECT_EQ(markdown("\u00fc_\u4e2d"), "\u00fc\\_\u4e2d");
  EXPECT_EQ(xml("\u00fc & \"'"), "\u00fc &amp; &quot;&#39;");
}

TEST(Markup, CutsBetweenCharacters) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdefg", 6), "abc...");
  EXPECT_EQ(cut("ab\u00e9\u00e9\u00e9", 6), "ab...");
}

TEST(Formats, AreKnownByName) {
  EXPECT_EQ(formats().front().name, "text");
  EXPECT_TRUE(is_format("junit"));
  EXPECT_FALSE(is_format("xml"));
  for (const Format& format : formats()) {
    EXPECT_THAT(std::string(format.description), Not(IsEmpty())) << format.name;
  }
}

}  // namespace
}  // namespace gabion::report
