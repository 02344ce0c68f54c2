#include "report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "report/excerpt.h"
#include "report/unicode.h"
#include "report/wrap.h"
#include "unit/report/golden.h"
#include "unit/report/sample.h"

namespace gabion::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string text_of(const Report& report, const TextOptions& options = {}) {
  std::ostringstream out;
  write_text(report, options, out);
  return out.str();
}

TEST(TextReport, ShowsEverything) {
  const Sample sample;
  TextOptions options;
  options.show_unresolved = true;
  options.show_suppressed = true;
  options.elapsed_milliseconds = 12;
  expect_golden("full.txt", text_of(sample.report(), options));
}

TEST(TextReport, HidesWhatWasNotAskedFor) {
  const Sample sample;
  const std::string text = text_of(sample.report());
  expect_golden("default.txt", text);
  EXPECT_THAT(text, Not(HasSubstr("rotated by hand")));
}

TEST(TextReport, ColoursWhenAsked) {
  const Sample sample;
  TextOptions options;
  options.colour = true;
  const std::string coloured = text_of(sample.report(), options);
  expect_golden("colour.txt", coloured);
  // Colours change nothing else.
  std::string plain;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b') {
      i = coloured.find('m', i);
    } else {
      plain += coloured[i];
    }
  }
  EXPECT_EQ(plain, text_of(sample.report()));
}

TEST(TextReport, SaysSoWhenThereIsNothing) {
  const source::ArtifactStore artifacts;
  Report report{artifacts, {}, {}, {}, {}, {}, "gabion", "0.1.0", ""};
  report.summary.files = 1;
  report.summary.modules = 1;
  report.summary.policies = 1;
  report.summary.resources = 2;
  report.summary.rules = 120;
  EXPECT_EQ(text_of(report), "no findings\nchecked 2 resources and 1 policy of 1 module in 1 file with 120 rules\n");
}

TEST(TextReport, NeutralisesWhatCouldSteerTheTerminal) {
  source::ArtifactStore artifacts;
  const std::string line = "a = \"\x1b]0;x\x07 \u202Eevil\u2066 \xFF\"\n";
  const auto id = artifacts.add("x\x1b[31m.tf", line).id();
  findings::RuleDescription rule;
  rule.id = "r";
  findings::Finding finding;
  finding.rule = &rule;
  finding.region = {id, 4, static_cast<std::uint32_t>(line.size() - 1)};
  finding.resource = "a\u200B\nb";
  finding.message = "bad \x1b[2J\r value";
  findings::Witness witness;
  witness.principal = "\u202E";
  witness.action = "\x9b";
  witness.context = {{"k\n", std::vector<std::string>{"\x7F"}}};
  finding.witness = witness;
  findings::Fix fix;
  fix.title = "\x1b[8m";
  fix.edits = {{{id, 0, 1}, "\x1b[1mb"}};
  finding.fix = fix;
  const std::vector<findings::Finding> findings = {finding};
  const Report report{artifacts, findings, {}, {}, {}, {&rule}, "gabion", "0.1.0", ""};
  const std::string text = text_of(report);
  expect_golden("hostile.txt", text);
  for (const char c : text) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
  }
  EXPECT_THAT(text, Not(HasSubstr("\u202E")));
  EXPECT_EQ(valid_utf8(text), text);
}

TEST(TextReport, FoldsLongTracesAndNamesOtherOrigins) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("main.tf", "a = 1\nb = 2\nc = 3\nd = 4\n").id();
  findings::RuleDescription rule;
  rule.id = "r";
  std::vector<findings::Finding> findings(6);
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    findings[i].rule = &rule;
    findings[i].message = "m";
    findings[i].region = {id, 0, 5};
    findings[i].resource = "r[" + std::to_string(i) + "]";
    for (int step = 0; step < 8; ++step) {
      findings[i].trace.push_back({{}, "step " + std::to_string(step)});
    }
    const std::uint32_t origin = 6 + 6 * (i % 3);
    findings[i].trace.push_back({{id, origin, origin + 1}, "given here"});
  }
  const Report report{artifacts, findings, {}, {}, {}, {&rule}, "gabion", "0.1.0", ""};
  expect_golden("long-trace.txt", text_of(report));
}

TEST(TextReport, SaysANoteOrWarningOnceForAllItsPlaces) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("main.tf", "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n").id();
  std::vector<findings::Diagnostic> diagnostics(6);
  for (std::uint32_t i = 0; i < diagnostics.size(); ++i) {
    diagnostics[i].severity = findings::DiagnosticSeverity::kNote;
    diagnostics[i].code = "module-not-downloaded";
    diagnostics[i].message = "it is not here";
    diagnostics[i].hint = "fetch it";
    diagnostics[i].region = {id, 6 * i, 6 * i + 5};
  }
  diagnostics[1].message = "another is not here";
  const std::string once =
      "[module-not-downloaded]: it is not here\n --> main.tf:1:1\n  |\n1 | a = 1\n  | ^^^^^\n  |\n"
      "  = also at: main.tf:3:1, main.tf:4:1, main.tf:5:1 and 1 more\n  = hint: fetch it\n\n";
  EXPECT_THAT(text_of({artifacts, {}, {}, diagnostics, {}, {}, "gabion", "0.1.0", ""}),
              StartsWith("note" + once + "note[module-not-downloaded]: another is not here\n"));
  for (findings::Diagnostic& diagnostic : diagnostics) {
    diagnostic.severity = findings::DiagnosticSeverity::kWarning;
  }
  diagnostics[1].message = diagnostics[0].message;
  diagnostics[1].severity = findings::DiagnosticSeverity::kNote;
  EXPECT_THAT(text_of({artifacts, {}, {}, diagnostics, {}, {}, "gabion", "0.1.0", ""}),
              StartsWith("warning" + once + "note[module-not-downloaded]: it is not here\n --> main.tf:2:1\n"));
  // Each error is to be looked at.
  for (findings::Diagnostic& diagnostic : diagnostics) {
    diagnostic.severity = findings::DiagnosticSeverity::kError;
  }
  EXPECT_THAT(text_of({artifacts, {}, {}, diagnostics, {}, {}, "gabion", "0.1.0", ""}), HasSubstr("main.tf:6:1"));
}

TEST(TextReport, BreaksSentencesAndLinksPlacesOnATerminal) {
  const Sample sample;
  TextOptions options;
  options.width = 60;
  options.wrap = true;
  options.link_base = "/home/user/live infra";
  options.explain = true;
  std::ostringstream out;
  write_text(sample.report(), options, out);
  const std::string text = out.str();
  expect_golden("terminal.txt", text);
  EXPECT_THAT(text, HasSubstr("\x1b]8;;file:///home/user/live%20infra/main.tf\x1b\\main.tf:7:3\x1b]8;;\x1b\\"));
  // Only words that are wider than a line make one longer.
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.find("\x1b]8") == std::string::npos && width_of(line) > options.width) {
      EXPECT_EQ(line.find_last_of(' '), line.find_first_not_of(' ') - 1) << line;
    }
  }
}

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_EQ(wrap("one two three", 9, 0, 2), "one two\n  three");
  EXPECT_EQ(wrap("one two three", 9, 4, 2), "one\n  two\n  three");
  EXPECT_EQ(wrap("averylongword b", 5, 0, 1), "averylongword\n b");
  EXPECT_EQ(wrap("", 5, 0, 1), "");
  EXPECT_EQ(wrap("\u4e2d\u4e2d \u4e2d\u4e2d", 8, 0, 0), "\u4e2d\u4e2d\n\u4e2d\u4e2d");
}

std::string excerpt(const std::string& text, std::uint32_t begin, std::uint32_t end, std::uint32_t width = 60) {
  source::ArtifactStore artifacts;
  const auto id = artifacts.add("f", text).id();
  const source::Region region{id, begin, end};
  std::ostringstream out;
  write_excerpt(region, artifacts, '^', Role::kPlain, {width, gutter_of(region, artifacts)}, Style(false), out);
  return out.str();
}

TEST(Excerpt, UnderlinesTheExactText) {
  EXPECT_EQ(excerpt("one two three\n", 4, 7), "1 | one two three\n  |     ^^^\n");
  EXPECT_EQ(excerpt("one two\r\n", 4, 7), "1 | one two\n  |     ^^^\n");
}

TEST(Excerpt, MarksAnEmptyRegionWithOneMark) {
  EXPECT_EQ(excerpt("one\n", 3, 3), "1 | one\n  |    ^\n");
  EXPECT_EQ(excerpt("one\n", 0, 0), "1 | one\n  | ^\n");
  EXPECT_EQ(excerpt("", 0, 0), "1 |\n  | ^\n");
}

TEST(Excerpt, CountsColumnsAsTheTerminalDoes) {
  EXPECT_EQ(excerpt("\tx = y\n", 5, 6), "1 |     x = y\n  |         ^\n");
  EXPECT_EQ(excerpt("a\tb\n", 2, 3), "1 | a   b\n  |     ^\n");
  EXPECT_EQ(excerpt("\u6F22\u5B57 = 1\n", 9, 10), "1 | \u6F22\u5B57 = 1\n  |        ^\n");
  EXPECT_EQ(excerpt("\u6F22\u5B57 = 1\n", 0, 6), "1 | \u6F22\u5B57 = 1\n  | ^^^^\n");
  EXPECT_EQ(excerpt("e\u0301 = 1\n", 6, 7), "1 | e\u0301 = 1\n  |     ^\n");
  EXPECT_EQ(excerpt("a\u202Eb\n", 4, 5), "1 | a\\u{202e}b\n  |          ^\n");
}

TEST(Excerpt, CutsLongLinesAroundTheRegion) {
  const std::string before(500, 'a');
  const std::string after(500, 'b');
  const std::string cut = excerpt(before + "MARK" + after, 500, 504, 40);
  EXPECT_EQ(cut, "1 | ...aaaaaaaMARKbbbbbbbbbbbbbbbbbbb...\n  |           ^^^^\n");
  const std::string at_begin = excerpt("MARK" + after, 0, 4, 40);
  EXPECT_EQ(at_begin, "1 | MARKbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...\n  | ^^^^\n");
  const std::string at_end = excerpt(before + "MARK", 500, 504, 40);
  EXPECT_EQ(at_end, "1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaMARK\n  |                                 ^^^^\n");
  const std::string wide = excerpt(before + after, 100, 900, 40);
  EXPECT_EQ(wide, "1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\n  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n");
}

TEST(Excerpt, NeverPassesTheWidthAndAlwaysMarks) {
  std::string line;
  for (int i = 0; i < 60; ++i) {
    line += "x\t\u6F22e\u0301\x1b";
  }
  for (std::uint32_t begin = 0; begin <= line.size(); begin += 7) {
    for (const std::uint32_t size : {0U, 1U, 9U, 200U}) {
      const auto end = std::min<std::uint32_t>(begin + size, static_cast<std::uint32_t>(line.size()));
      const std::string shown = excerpt(line, begin, end, 50);
      const std::string first = shown.substr(0, shown.find('\n'));
      EXPECT_LE(width_of(first), 50U) << shown;
      EXPECT_THAT(shown, HasSubstr("^"));
    }
  }
}

TEST(Excerpt, DrawsABarAlongSeveralLines) {
  EXPECT_EQ(excerpt("a {\n  b\n}\nc\n", 0, 9), "1 | / a {\n2 | |   b\n3 | \\ }\n");
  // A region that ends with a line end does not reach into the next line.
  EXPECT_EQ(excerpt("abc\ndef\n", 0, 4), "1 | abc\n  | ^^^\n");
  EXPECT_EQ(excerpt("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", 0, 20),
            " 1 | / 1\n 2 | | 2\n 3 | | 3\n   | | ...\n10 | \\ 10\n");
}

TEST(Printable, KeepsOrdinaryText) {
  EXPECT_EQ(printable("arn:aws:iam::1:user/\u00e9\u6F22"), "arn:aws:iam::1:user/\u00e9\u6F22");
  EXPECT_EQ(printable("a\nb\tc\r"), "a\\nb\\tc\\r");
}

}  // namespace
}  // namespace gabion::report
