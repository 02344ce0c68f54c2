#include "lsp/positions.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::lsp {
namespace {

// a, ä (2 bytes), € (3 bytes), 😀 (4 bytes, two units of UTF-16), b
constexpr std::string_view kLine =
    "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"
    "b";

TEST(Positions, CountsInTheUnitsAgreedOn) {
  const std::size_t b = kLine.size() - 1;
  EXPECT_EQ(Positions(kLine, Encoding::kUtf8).position(b), (Position{0, 10}));
  EXPECT_EQ(Positions(kLine, Encoding::kUtf16).position(b), (Position{0, 5}));
  EXPECT_EQ(Positions(kLine, Encoding::kUtf32).position(b), (Position{0, 4}));
}

TEST(Positions, GoesBackAndForthAtEveryCharacter) {
  const std::string text = std::string(kLine) + "\r\n\n\r" + std::string(kLine) + "\n";
  for (const Encoding encoding : {Encoding::kUtf8, Encoding::kUtf16, Encoding::kUtf32}) {
    const Positions positions(text, encoding);
    for (std::size_t offset = 0; offset <= text.size(); ++offset) {
      const bool begins = offset == text.size() || (static_cast<unsigned char>(text[offset]) & 0xC0U) != 0x80U;
      const bool in_line_end = offset > 0 && offset < text.size() && text[offset] == '\n' && text[offset - 1] == '\r';
      if (begins && !in_line_end) {
        EXPECT_EQ(positions.offset(positions.position(offset)), offset) << name(encoding);
      }
    }
  }
}

TEST(Positions, EndsLinesAsTheProtocolDoes) {
  const Positions positions("a\r\nb\rc\nd", Encoding::kUtf16);
  EXPECT_EQ(positions.position(0), (Position{0, 0}));
  EXPECT_EQ(positions.position(3), (Position{1, 0}));
  EXPECT_EQ(positions.position(5), (Position{2, 0}));
  EXPECT_EQ(positions.position(7), (Position{3, 0}));
  EXPECT_EQ(positions.position(8), (Position{3, 1}));
}

TEST(Positions, CutsOffWhatIsBeyondTheText) {
  const Positions positions("ab\r\ncd\n", Encoding::kUtf16);
  EXPECT_EQ(positions.offset({0, 99}), 2U) << "before the line's end";
  EXPECT_EQ(positions.offset({1, 99}), 6U);
  EXPECT_EQ(positions.offset({2, 5}), 7U);
  EXPECT_EQ(positions.offset({99, 0}), 7U);
  EXPECT_EQ(positions.position(1000), (Position{2, 0}));
  EXPECT_EQ(Positions("", Encoding::kUtf16).offset({0, 1}), 0U);
}

TEST(Positions, StaysOutsideOfCharacters) {
  const Positions positions("\xF0\x9F\x98\x80x", Encoding::kUtf16);
  EXPECT_EQ(positions.offset({0, 1}), 0U) << "between two surrogates";
  EXPECT_EQ(positions.offset({0, 2}), 4U);
  EXPECT_EQ(positions.position(2), (Position{0, 0}));
}

TEST(Positions, GivesAHiddenMarkNoPlace) {
  const std::string_view text =
      "\xEF\xBB\xBF"
      "ab\nc";
  const Positions hidden(text, Encoding::kUtf16, true);
  EXPECT_EQ(hidden.position(3), (Position{0, 0}));
  EXPECT_EQ(hidden.position(0), (Position{0, 0}));
  EXPECT_EQ(hidden.offset({0, 0}), 3U);
  EXPECT_EQ(hidden.offset({0, 1}), 4U);
  EXPECT_EQ(hidden.position(6), (Position{1, 0}));
  EXPECT_EQ(Positions(text, Encoding::kUtf16).position(3), (Position{0, 1})) << "a client that sent it counts it";
}

TEST(Positions, CountsBytesThatAreNoUtf8OneByOne) {
  const Positions positions("\xff\xc3(\xf0\x9f", Encoding::kUtf16);
  EXPECT_EQ(positions.position(5), (Position{0, 5}));
}

TEST(Positions, ReadsRangesAndNothingElse) {
  EXPECT_TRUE(
      range_from(nlohmann::json::parse(R"({"start":{"line":1,"character":2},"end":{"line":3,"character":4}})")));
  for (const char* const bad : {"null", "[]", "{}", R"({"start":{"line":1,"character":2}})",
                                R"({"start":{"line":-1,"character":2},"end":{"line":3,"character":4}})",
                                R"({"start":{"line":1.5,"character":2},"end":{"line":3,"character":4}})",
                                R"({"start":{"line":"1","character":2},"end":{"line":3,"character":4}})",
                                R"({"start":{"line":99999999999,"character":2},"end":{"line":3,"character":4}})"}) {
    EXPECT_FALSE(range_from(nlohmann::json::parse(bad))) << bad;
  }
}

}  // namespace
}  // namespace gabion::lsp
