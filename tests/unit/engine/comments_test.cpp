// Comments of HCL texts, and days.
#include "engine/comments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/baseline.h"
#include "engine/date.h"

namespace gabion::engine {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> result;
  for (const CommentLine& line : comment_lines(text)) {
    result.emplace_back((line.alone ? "alone: " : "") + std::string(line.text));
  }
  return result;
}

TEST(CommentsTest, AreFoundWhateverTheirMarks) {
  EXPECT_THAT(texts("# a\nx = 1 // b\r\n/* c\n * d */\ny = 2 /* e */ z\n##  f"),
              ElementsAre("alone: a", "b", "alone: c", "alone: d", "e", "alone: f"));
}

TEST(CommentsTest, AreNotInTexts) {
  EXPECT_THAT(texts("a = \"# no ${x /* yes */ } // no\" # end\n"), ElementsAre("yes", "end"));
  EXPECT_THAT(texts("a = <<-EOT\n  # no\n  ${f( # yes\n  )}\n  EOT\n# after\n"), ElementsAre("yes", "alone: after"));
  EXPECT_THAT(texts("a = \"\\\"# no\" # yes"), ElementsAre("yes"));
  EXPECT_THAT(texts("a = \"$${ # no\" # yes"), ElementsAre("yes"));
}

TEST(CommentsTest, EndWithBrokenTexts) {
  EXPECT_THAT(texts("a = \"not closed\n# yes\n/* not closed"), ElementsAre("alone: yes", "alone: not closed"));
  EXPECT_THAT(texts("}}}\n# yes"), ElementsAre("alone: yes"));
  EXPECT_THAT(texts("<<EOT\n# no"), ElementsAre());
}

TEST(DateTest, KnowsTheCalendar) {
  for (const char* day : {"2026-01-31", "2028-02-29", "0001-12-01"}) {
    EXPECT_TRUE(is_date(day)) << day;
  }
  for (const char* text : {"", "2026-02-29", "2026-13-01", "2026-1-1", "2026-01-32", "2026/01/01", "2026-01-0x"}) {
    EXPECT_FALSE(is_date(text)) << text;
  }
}

TEST(BaselineTest, MatchesEachKnownFindingOnce) {
  const auto finding = [](std::string identity, std::string resource, std::string root) {
    return KnownFinding{{std::move(identity)}, "r", std::move(resource), "m", std::move(root), "f.tf"};
  };
  const std::vector<KnownFinding> known = {finding("1", "a", ""), finding("2", "b", "x")};
  const std::vector<KnownFinding> present = {finding("1", "a", ""), finding("1", "a", ""), finding("3", "b", "y"),
                                             finding("4", "c", "")};
  EXPECT_THAT(match(known, present), ElementsAre(0, -1, 1, -1));
}

TEST(BaselineTest, IsReadAsItWasWritten) {
  const std::vector<KnownFinding> known = {{{"1", "2"}, "r", "a[\"\\\"\"]", "m\nn", "root", "f.tf"}};
  const auto read = parse_baseline("b", baseline_text(known));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().identities, known.front().identities);
  EXPECT_EQ(read->front().resource, known.front().resource);
  EXPECT_EQ(read->front().message, known.front().message);
  for (const char* broken : {"", "[]", "{}", "{\"version\": 2, \"findings\": []}", "{\"version\": 1}",
                             "{\"version\": 1, \"findings\": [1]}", "{\"version\": 1, \"findings\": [{}]}"}) {
    EXPECT_FALSE(parse_baseline("b", broken)) << broken;
  }
}

// Those that differ in their message alone stay where they are, however many there are.
TEST(BaselineTest, IsWrittenInOneOrder) {
  std::vector<KnownFinding> known;
  for (int i = 0; i < 40; ++i) {
    known.push_back({{"1"}, "r", "a", std::to_string(i), "root", "f.tf"});
  }
  const std::string text = baseline_text(known);
  std::ranges::reverse(known);
  EXPECT_EQ(baseline_text(known), text);
}

}  // namespace
}  // namespace gabion::engine
