#include "lsp/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace gabion::lsp {
namespace {

using testing::HasSubstr;

std::string framed(const std::string& text) {
  return "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
}

/// What a reader makes of bytes: contents, and problems in angle brackets.
std::vector<std::string> read(const std::string& bytes) {
  std::istringstream in(bytes);
  FrameReader reader(in);
  std::vector<std::string> result;
  while (auto frame = reader.next()) {
    result.push_back(frame->problem.empty() ? frame->content : "<" + frame->problem + ">");
  }
  return result;
}

TEST(FrameReader, TakesOneMessageAfterTheOther) {
  EXPECT_THAT(read(framed("{}") + framed("[1]") + framed("")), testing::ElementsAre("{}", "[1]", ""));
}

TEST(FrameReader, KnowsHeadersByTheirNameInAnyCase) {
  EXPECT_THAT(read("content-LENGTH:3 \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\nabc"),
              testing::ElementsAre("abc"));
}

TEST(FrameReader, TakesLineEndsWithoutReturn) {
  EXPECT_THAT(read("Content-Length: 2\n\n{}"), testing::ElementsAre("{}"));
}

TEST(FrameReader, GoesOnAfterHeadersThatAreNone) {
  for (const std::string bad : {"Content-Length: many\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length:\r\n\r\n",
                                "Content-Type: x\r\n\r\n", "nonsense\r\n\r\n", "Content-Length: 1 2\r\n\r\n"}) {
    const std::vector<std::string> result = read(bad + framed("{}"));
    ASSERT_EQ(result.size(), 2U) << bad;
    EXPECT_THAT(result[0], testing::StartsWith("<")) << bad;
    EXPECT_EQ(result[1], "{}") << bad;
  }
}

TEST(FrameReader, FindsTheNextHeaderBehindABodyThatNobodyAnnounced) {
  EXPECT_THAT(read("{\"jsonrpc\": \"2.0\"}" + framed("{}")), testing::ElementsAre("{}"));
}

TEST(FrameReader, RefusesHugeMessagesWithoutTakingMemoryForThem) {
  const std::vector<std::string> result = read("Content-Length: 99999999999999\r\n\r\n" + framed("{}"));
  ASSERT_EQ(result.size(), 2U);
  EXPECT_THAT(result[0], HasSubstr("too long"));
  EXPECT_EQ(result[1], "{}");
  EXPECT_THAT(read("Content-Length: 99999999999999999999999999\r\n\r\n"), testing::ElementsAre(HasSubstr("no number")));
  EXPECT_THAT(read("Content-Length: 100000000\r\n\r\nshort"), testing::ElementsAre(HasSubstr("ends")));
}

TEST(FrameReader, TakesLinesOfAnyLength) {
  EXPECT_THAT(read(std::string(1'000'000, 'x') + "\r\n\r\n" + framed("{}")), testing::SizeIs(2));
}

TEST(Message, ReadsMembersOfAnything) {
  EXPECT_TRUE(member(Json(3), "a").is_null());
  EXPECT_TRUE(member(Json::array({1}), "a").is_null());
  EXPECT_EQ(number_member(Json{{"a", 7}}, "a"), 7);
  EXPECT_EQ(number_member(Json{{"a", -7}}, "a"), -7);
  EXPECT_FALSE(number_member(Json{{"a", 1.5}}, "a"));
  EXPECT_FALSE(number_member(Json{{"a", 18446744073709551615U}}, "a"));
  EXPECT_FALSE(number_member(Json{{"a", 4294967296}}, "a"));
  EXPECT_FALSE(text_member(Json{{"a", 7}}, "a"));
}

TEST(Message, WritesTextThatIsNoUtf8) {
  std::ostringstream out;
  write_message(Json{{"a", "\xff"}}, out);
  EXPECT_THAT(read(out.str()), testing::ElementsAre("{\"a\":\"\xEF\xBF\xBD\"}"));
}

}  // namespace
}  // namespace gabion::lsp
