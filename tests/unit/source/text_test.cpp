#include "source/text.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::source {
namespace {

using namespace std::string_view_literals;

std::optional<std::uint64_t> at(std::uint64_t offset) {
  return offset;
}

TEST(InvalidUtf8, AcceptsEveryLengthOfSequence) {
  EXPECT_EQ(find_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("plain ASCII, longer than one step of eight bytes"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), std::nullopt);
}

TEST(InvalidUtf8, FindsTheFirstByteOfTheSequence) {
  EXPECT_EQ(find_invalid_utf8("ab\x80"), at(2)) << "continuation without a start";
  EXPECT_EQ(find_invalid_utf8("abc\xC3"), at(3)) << "cut off at the end";
  EXPECT_EQ(find_invalid_utf8("\xC3\xA9\xE2\x82"), at(2)) << "three bytes cut to two";
  EXPECT_EQ(find_invalid_utf8("\xC0\xAF"), at(0)) << "overlong '/'";
  EXPECT_EQ(find_invalid_utf8("\xE0\x9F\xBF"), at(0)) << "overlong in three bytes";
  EXPECT_EQ(find_invalid_utf8("\xF0\x8F\xBF\xBF"), at(0)) << "overlong in four bytes";
  EXPECT_EQ(find_invalid_utf8("\xED\xA0\x80"), at(0)) << "surrogate";
  EXPECT_EQ(find_invalid_utf8("\xF4\x90\x80\x80"), at(0)) << "above U+10FFFF";
  EXPECT_EQ(find_invalid_utf8("\xF5\x80\x80\x80"), at(0));
  EXPECT_EQ(find_invalid_utf8("\xFF"), at(0));
  EXPECT_EQ(find_invalid_utf8("exactly8\xE9"), at(8)) << "right after a step";
  EXPECT_EQ(find_invalid_utf8("seven..\xE9 and more"), at(7)) << "inside a step";
}

TEST(InspectText, TellsLineEnds) {
  EXPECT_EQ(inspect_text("").line_ends, LineEnds::kNone);
  EXPECT_EQ(inspect_text("a").line_ends, LineEnds::kNone);
  EXPECT_EQ(inspect_text("\n").line_ends, LineEnds::kLf);
  EXPECT_EQ(inspect_text("a\nb\n").line_ends, LineEnds::kLf);
  EXPECT_EQ(inspect_text("a\r\nb").line_ends, LineEnds::kCrLf);
  EXPECT_EQ(inspect_text("a\r\nb\n").line_ends, LineEnds::kMixed);
  EXPECT_EQ(inspect_text("a\rb").line_ends, LineEnds::kNone) << "a lone carriage return ends no line";
  EXPECT_TRUE(inspect_text("a\r\n").ends_with_newline);
  EXPECT_FALSE(inspect_text("a\nb").ends_with_newline);
}

TEST(InspectText, TellsByteOrderMarks) {
  EXPECT_EQ(inspect_text("\xEF\xBB\xBFx").mark, ByteOrderMark::kUtf8);
  EXPECT_TRUE(inspect_text("\xEF\xBB\xBFx").is_text());
  EXPECT_EQ(utf8_mark_size("\xEF\xBB\xBFx"), 3U);
  EXPECT_EQ(utf8_mark_size("\xEF\xBB"), 0U);
  EXPECT_EQ(inspect_text("\xFF\xFEx\0"sv).mark, ByteOrderMark::kUtf16LittleEndian);
  EXPECT_EQ(inspect_text("\xFE\xFF\0x"sv).mark, ByteOrderMark::kUtf16BigEndian);
  EXPECT_FALSE(inspect_text("\xFE\xFF\0x"sv).is_text());
}

TEST(InspectText, FindsNulBytes) {
  EXPECT_EQ(inspect_text("ab\0c"sv).nul, at(2));
  EXPECT_FALSE(inspect_text("ab\0c"sv).is_text());
  EXPECT_EQ(inspect_text("abc").nul, std::nullopt);
  EXPECT_TRUE(inspect_text("abc").is_text());
}

}  // namespace
}  // namespace gabion::source
