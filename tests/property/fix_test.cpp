// tests: rules
// Fixes do not depend on how a file is laid out: the fix of a text with other line ends, with tabs, or without its last
// newline is the fix of the plain text, changed in the same way. And on files of other people: whatever is fixed stays
// fixed, brings nothing new, and a second run has nothing to do.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <set>
#include <sstream>

#include "engine/analysis.h"
#include "engine/builtin_rules.h"
#include "engine/fix_applier.h"

namespace gabion::engine {
namespace {

namespace fs = std::filesystem;
using Change = std::function<std::string(const std::string&)>;

struct Result {
  std::string text;
  std::uint32_t fixed = 0;
};

/// What becomes of one file when everything that a rule finds in it is fixed.
Result fixed(const RuleSet& rules, const Parameters& parameters, const std::string& text) {
  source::MemoryFileSystem files;
  files.write("x/main.tf", text);
  const AnalysisRequest request{files, {"x"}, rules, parameters, {}, {}};
  source::ArtifactStore artifacts;
  const auto plan = plan_fixes(request, {.unsafe = true}, artifacts);
  EXPECT_TRUE(plan);
  if (!plan) {
    return {};
  }
  const auto changed = plan->files.find("x/main.tf");
  return {changed == plan->files.end() ? text : changed->second.second, plan->fixed};
}

std::string windows(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c == '\n' ? "\r\n" : std::string(1, c);
  }
  return result;
}

/// Two spaces of indentation are one tab.
std::string tabs(const std::string& text) {
  std::string result;
  bool at_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (at_start && text.compare(i, 2, "  ") == 0) {
      result += '\t';
      ++i;
      continue;
    }
    at_start = text[i] == '\n';
    result += text[i];
  }
  return result;
}

std::string subject(const findings::Finding& finding) {
  return std::string(finding.rule->id) + " at " + finding.resource;
}

/// Does the rule say that its fixes lead to the other one?
bool leads_to(const RuleData& rule, std::string_view other) {
  return std::ranges::any_of(rule.checks, [&](const CheckData& check) {
    return check.fix != nullptr &&
           std::ranges::find(check.fix->leads_to, other, &TextAt::text) != check.fix->leads_to.end();
  });
}

std::string without_last_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

void each_example(
    const std::function<void(const RuleSet&, const Parameters&, const std::string&, const ExampleData&)>& visit) {
  for (const RuleData& rule : builtin_rules()) {
    RuleSet rules;
    ASSERT_TRUE(rules.add(std::span(&rule, 1)));
    for (const ExampleData& example : rule.examples) {
      if (!example.fixed.given() || example.text.text.find("# file: ") != std::string_view::npos) {
        continue;
      }
      Parameters parameters;
      for (const NamedText& setting : example.config) {
        parameters[std::string(setting.name)] = {std::string(setting.value.text), std::string(rule.path),
                                                 setting.value.line, setting.value.column};
      }
      visit(rules, parameters, std::string(example.text.text), example);
    }
  }
}

void expect_commutes(const Change& change) {
  std::size_t examples = 0;
  each_example(
      [&](const RuleSet& rules, const Parameters& parameters, const std::string& text, const ExampleData& example) {
        if (change(text) == text) {
          return;  // nothing in it to copy the style from
        }
        ++examples;
        const Result plain = fixed(rules, parameters, text);
        const Result changed = fixed(rules, parameters, change(text));
        EXPECT_EQ(changed.text, change(plain.text)) << "line " << example.text.line << " of a rule file, " << text;
        EXPECT_EQ(changed.fixed, plain.fixed);
      });
  EXPECT_GT(examples, 20U);
}

TEST(FixPropertyTest, WindowsLineEndsStay) {
  expect_commutes(windows);
}
TEST(FixPropertyTest, TabsStay) {
  expect_commutes(tabs);
}
TEST(FixPropertyTest, AMissingLastNewlineStaysMissing) {
  expect_commutes(without_last_newline);
}

TEST(FixPropertyTest, CommentsStay) {
  each_example([](const RuleSet& rules, const Parameters& parameters, const std::string& text, const ExampleData&) {
    // A comment of its own behind every line that opens a block, and behind the last one.
    std::string commented;
    std::vector<std::string> comments;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      commented += line;
      if (line.starts_with("resource ") && line.ends_with("{")) {
        comments.push_back("# note " + std::to_string(comments.size()));
        commented += " " + comments.back();
      }
      commented += "\n";
    }
    const Result result = fixed(rules, parameters, commented);
    for (const std::string& comment : comments) {
      EXPECT_NE(result.text.find(comment), std::string::npos) << comment << " is gone from\n" << result.text;
    }
  });
}

/// Folders with Terraform files of other people; empty when they are not there.
std::vector<fs::path> folders_of_others() {
  const char* given = std::getenv("GABION_CORPORA");
  const fs::path corpora =
      given != nullptr ? fs::path(given) : fs::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora";
  std::set<fs::path> found;
  std::error_code error;
  for (const char* part : {"labels/fixtures", "real"}) {
    for (auto entry = fs::recursive_directory_iterator(corpora / part, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (entry->is_regular_file(error) && entry->path().extension() == ".tf") {
        found.insert(entry->path().parent_path());
      }
    }
  }
  return {found.begin(), found.end()};
}

TEST(FixPropertyTest, FilesOfOthersAreFixedOnceAndForAll) {
  std::vector<fs::path> folders = folders_of_others();
  if (folders.empty()) {
    GTEST_SKIP() << "no corpora: set GABION_CORPORA";
  }
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  rules.sort();
  std::mt19937 random(11);  // NOLINT: the same in every run
  std::shuffle(folders.begin(), folders.end(), random);
  const char* more = std::getenv("GABION_FIX_FOLDERS");
  folders.resize(std::min(folders.size(), more == nullptr ? std::size_t{60} : std::size_t(std::atoi(more))));
  std::uint32_t fixed_findings = 0;
  for (const fs::path& folder : folders) {
    source::MemoryFileSystem files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      std::ostringstream text;
      if (entry.is_regular_file(error) && entry.file_size(error) < 200'000) {
        text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        files.write("x/" + entry.path().filename().string(), text.str());
      }
    }
    const Parameters parameters;
    const AnalysisRequest request{files, {"x"}, rules, parameters, {}, {}};
    source::ArtifactStore artifacts;
    const auto plan = plan_fixes(request, {.unsafe = true}, artifacts);
    ASSERT_TRUE(plan) << folder;
    // What is left of a finding may say something else, about a statement that has become smaller.
    std::multiset<std::string> before;
    for (const findings::Finding& finding : plan->before.findings) {
      before.insert(subject(finding));
    }
    for (const findings::Finding& finding : plan->led_to) {
      EXPECT_TRUE(std::ranges::any_of(
          plan->applied,
          [&](const AppliedFix& fix) { return leads_to(*rules.find(fix.rule)->data, finding.rule->id); }))
          << folder << ": nobody said that it leads to " << finding.rule->id;
      before.insert(subject(finding));
    }
    for (const findings::Finding& finding : plan->remaining) {
      const auto found = before.find(subject(finding));
      ASSERT_NE(found, before.end()) << folder << ": new " << finding.rule->id;
      before.erase(found);
    }
    EXPECT_EQ(plan->before.findings.size() + plan->led_to.size(), plan->fixed + plan->remaining.size()) << folder;
    for (const auto& [path, texts] : plan->files) {
      files.write(path, texts.second);
    }
    source::ArtifactStore again;
    const auto second = plan_fixes(request, {.unsafe = true}, again);
    ASSERT_TRUE(second) << folder;
    EXPECT_TRUE(second->files.empty()) << folder << ": a second run changes something";
    EXPECT_EQ(second->before.findings.size(), plan->remaining.size()) << folder;
    fixed_findings += plan->fixed;
  }
  EXPECT_GT(fixed_findings, 0U);
}

}  // namespace
}  // namespace gabion::engine
