#include "report/diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "unit/report/golden.h"

namespace gabion::report {
namespace {

std::string diff(std::string_view before, std::string_view after, DiffOptions options = {}) {
  std::ostringstream out;
  write_diff("dir/f.tf", before, after, options, out);
  return out.str();
}

/// What a patch program makes of the hunks.
std::string patch(std::string_view before, const std::vector<Hunk>& hunks) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < before.size();) {
    const std::size_t end = std::min(before.find('\n', begin), before.size() - 1) + 1;
    lines.push_back(before.substr(begin, end - begin));
    begin = end;
  }
  std::string result;
  std::size_t at = 0;
  std::uint32_t new_line = 1;
  for (const Hunk& hunk : hunks) {
    for (; at + 1 < hunk.old_line; ++at, ++new_line) {
      result += lines[at];
    }
    EXPECT_EQ(hunk.new_line, new_line);
    std::uint32_t old_count = 0;
    std::uint32_t new_count = 0;
    for (const DiffLine& line : hunk.lines) {
      if (line.kind != DiffLine::Kind::kAdded) {
        EXPECT_EQ(lines.at(at), line.text);
        ++at;
        ++old_count;
      }
      if (line.kind != DiffLine::Kind::kRemoved) {
        result += line.text;
        ++new_count;
      }
    }
    EXPECT_EQ(hunk.old_count, old_count);
    EXPECT_EQ(hunk.new_count, new_count);
    new_line += new_count;
  }
  for (; at < lines.size(); ++at) {
    result += lines[at];
  }
  return result;
}

TEST(Diff, EqualTextsHaveNone) {
  EXPECT_EQ(diff("a\nb\n", "a\nb\n"), "");
  EXPECT_TRUE(diff_lines("", "").empty());
}

TEST(Diff, ShowsContextAndSeparateHunks) {
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
  const std::string after = "1\ntwo\n3\n4\n5\n6\n7\n8\n9\n10\neleven\n12\n";
  EXPECT_EQ(diff(before, after, {.context = 1}),
            "--- a/dir/f.tf\n+++ b/dir/f.tf\n"
            "@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n"
            "@@ -10,3 +10,3 @@\n 10\n-11\n+eleven\n 12\n");
}

TEST(Diff, JoinsHunksThatTouch) {
  const std::string before = "1\n2\n3\n4\n5\n";
  EXPECT_EQ(diff(before, "one\n2\n3\n4\nfive\n", {.context = 2}),
            "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -1,5 +1,5 @@\n-1\n+one\n 2\n 3\n 4\n-5\n+five\n");
}

TEST(Diff, MarksAMissingFinalLineEnd) {
  EXPECT_EQ(diff("a", "a\n"), "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  EXPECT_EQ(diff("a\nb", "x\nb"),
            "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n");
}

TEST(Diff, CountsFromTheLineBeforeWhenThereIsNone) {
  EXPECT_EQ(diff("", "a\n"), "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(diff("a\n", ""), "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -1 +0,0 @@\n-a\n");
}

TEST(Diff, KeepsCarriageReturns) {
  EXPECT_EQ(diff("a\r\nb\r\n", "a\r\nc\r\n"), "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n");
}

TEST(Diff, EscapesForTerminalsOnly) {
  EXPECT_EQ(diff("a\n", "\x1b[2J\tb\n", {.context = 3, .printable = true}),
            "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -1 +1 @@\n-a\n+\\x1b[2J    b\n");
  EXPECT_EQ(diff("a\n", "\x1b\n"), "--- a/dir/f.tf\n+++ b/dir/f.tf\n@@ -1 +1 @@\n-a\n+\x1b\n");
}

TEST(Diff, QuotesPathsAsGitDoes) {
  const auto header = [](std::string_view path) {
    std::ostringstream out;
    write_diff(path, "", "a\n", {}, out);
    return out.str().substr(0, out.str().find('\n'));
  };
  EXPECT_EQ(header("./a.tf"), "--- a/a.tf");
  EXPECT_EQ(header("a b.tf"), "--- a/a b.tf\t");
  EXPECT_EQ(header("a\"b\n\xC3.tf"), "--- \"a/a\\\"b\\n\\303.tf\"");
  EXPECT_EQ(header("/abs/a.tf"), "--- /abs/a.tf");
}

/// Length of the longest common subsequence, by the table everybody knows.
std::size_t common(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < b.size(); ++k) {
      table[i + 1][k + 1] = a[i] == b[k] ? table[i][k] + 1 : std::max(table[i][k + 1], table[i + 1][k]);
    }
  }
  return table[a.size()][b.size()];
}

TEST(Diff, IsRightAndMinimalForRandomTexts) {
  std::mt19937 random(7);  // NOLINT: the same texts every time, on purpose
  for (int round = 0; round < 3000; ++round) {
    const auto letters = [&] {
      std::string text(random() % 12, ' ');
      for (char& c : text) {
        c = static_cast<char>('a' + random() % 3);
      }
      return text;
    };
    const auto as_lines = [&](const std::string& text) {
      std::string lines;
      for (const char c : text) {
        lines += c;
        lines += '\n';
      }
      if (!lines.empty() && random() % 4 == 0) {
        lines.pop_back();
      }
      return lines;
    };
    const std::string a = letters();
    const std::string b = letters();
    const std::string before = as_lines(a);
    const std::string after = as_lines(b);
    const std::vector<Hunk> hunks = diff_lines(before, after, static_cast<std::uint32_t>(random() % 4));
    EXPECT_EQ(patch(before, hunks), after) << before << "->\n" << after;
    std::size_t changes = 0;
    for (const Hunk& hunk : hunks) {
      for (const DiffLine& line : hunk.lines) {
        changes += line.kind != DiffLine::Kind::kContext ? 1 : 0;
      }
    }
    const bool full_lines = (before.empty() || before.back() == '\n') && (after.empty() || after.back() == '\n');
    if (full_lines) {
      EXPECT_EQ(changes, a.size() + b.size() - 2 * common(a, b)) << a << " -> " << b;
    }
  }
}

TEST(Diff, GivesUpOnMinimalityForHugeDifferences) {
  std::string before;
  std::string after;
  for (int i = 0; i < 4000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  EXPECT_EQ(patch(before, diff_lines(before, after)), after);
}

TEST(Edits, ApplyInOrderAndRefuseOverlaps) {
  const source::ArtifactId id{0};
  const std::vector<findings::Edit> good = {{{id, 0, 0}, "<"}, {{id, 1, 2}, "X"}, {{id, 3, 3}, ">"}};
  EXPECT_EQ(apply_edits("abc", good), "<aXc>");
  const std::vector<findings::Edit> overlapping = {{{id, 0, 2}, ""}, {{id, 1, 3}, ""}};
  EXPECT_EQ(apply_edits("abc", overlapping), std::nullopt);
  const std::vector<findings::Edit> outside = {{{id, 2, 4}, ""}};
  EXPECT_EQ(apply_edits("abc", outside), std::nullopt);
  EXPECT_EQ(apply_edits("abc", {}), "abc");
}

TEST(Edits, AreGroupedByFile) {
  source::ArtifactStore artifacts;
  const auto second = artifacts.add("b.tf", "1\n2\n3\n").id();
  const auto first = artifacts.add("a.tf", "x\n").id();
  const std::vector<findings::Edit> edits = {{{second, 2, 3}, "two"}, {{first, 0, 1}, "y"}};
  const auto whole = edited_files(edits, artifacts);
  ASSERT_TRUE(whole && whole->size() == 2);
  EXPECT_EQ((*whole)[0].artifact, first);
  EXPECT_EQ((*whole)[1].after, "1\ntwo\n3\n");
  const auto lines = edited_files(edits, artifacts, Extent::kEditedLines);
  ASSERT_TRUE(lines && lines->size() == 2);
  EXPECT_EQ((*lines)[1].first_line, 2U);
  EXPECT_EQ((*lines)[1].before, "2\n");
  EXPECT_EQ((*lines)[1].after, "two\n");
  const std::vector<findings::Edit> nowhere = {{{}, "x"}};
  EXPECT_FALSE(edited_files(nowhere, artifacts));
}

}  // namespace
}  // namespace gabion::report
