#include "source/line_index.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::source {
namespace {

TEST(LineIndex, CountsCodePointsInColumns) {
  const LineIndex lines("a\n\xC3\xA9x\r\nz");
  EXPECT_EQ(lines.position(0), (Position{1, 1}));
  EXPECT_EQ(lines.position(2), (Position{2, 1}));
  EXPECT_EQ(lines.position(4), (Position{2, 2}));
  EXPECT_EQ(lines.position(7), (Position{3, 1}));
  EXPECT_EQ(lines.position(99), (Position{3, 2})) << "past the end is the end";
}

TEST(LineIndex, CountsInLongLinesAsInShortOnes) {
  std::string text;
  while (text.size() < 20'000) {
    text += "ab\xC3\xA9" + std::string(text.size() % 7 == 0 && text.size() > 14'000 ? "\n" : "");
  }
  const LineIndex lines(text);
  Position counted;
  for (std::uint32_t offset = 0; offset < text.size(); ++offset) {
    const bool begins = (static_cast<unsigned char>(text[offset]) & 0xC0U) != 0x80U;
    ASSERT_EQ(lines.position(offset), counted) << offset;
    if (text[offset] == '\n') {
      counted = {counted.line + 1, 1};
    } else if (begins) {
      ++counted.column;
    }
  }
}

TEST(LineIndex, GivesLinesWithoutTheirEnds) {
  const LineIndex lines("one\ntwo\r\n\nfour");
  EXPECT_EQ(lines.line_count(), 4U);
  EXPECT_EQ(lines.text_of_line(1), "one");
  EXPECT_EQ(lines.text_of_line(2), "two");
  EXPECT_EQ(lines.text_of_line(3), "");
  EXPECT_EQ(lines.text_of_line(4), "four");
  EXPECT_EQ(lines.text_of_line(0), "");
  EXPECT_EQ(lines.text_of_line(5), "");
  EXPECT_EQ(lines.begin_of_line(3), 9U);
  EXPECT_EQ(lines.begin_of_line(5), 14U);
}

TEST(LineIndex, HasOneLineOfAnEmptyText) {
  const LineIndex lines("");
  EXPECT_EQ(lines.line_count(), 1U);
  EXPECT_EQ(lines.position(0), (Position{1, 1}));
}

}  // namespace
}  // namespace gabion::source
