#include "iam/json_size.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::iam {
namespace {

JsonSize size_of(std::string_view text) {
  JsonSize size;
  size.text(text);
  return size;
}

TEST(JsonSize, CountsEachByteOfPlainText) {
  std::string text;
  for (std::size_t length = 0; length < 30; ++length) {
    EXPECT_EQ(size_of(text).compact(), length);
    EXPECT_EQ(size_of(text).visible(), length);
    text += static_cast<char>('!' + length * 3 % 60);
    text.back() = text.back() == '"' || text.back() == '\\' ? 'x' : text.back();
  }
}

TEST(JsonSize, FindsWhatIsOfAnotherSizeAnywhere) {
  for (std::size_t length = 1; length < 30; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'a');
      text[at] = ' ';
      EXPECT_EQ(size_of(text).compact(), length);
      EXPECT_EQ(size_of(text).visible(), length - 1);
      for (const char escaped : {'"', '\\', '\n', '\t', '\r'}) {
        text[at] = escaped;
        EXPECT_EQ(size_of(text).compact(), length + 1);
        EXPECT_EQ(size_of(text).visible(), length + 1);
      }
    }
  }
}

TEST(JsonSize, CountsCharactersOfSeveralBytesOnce) {
  const std::string text = "abcdefgh\xC3\xA9";
  EXPECT_EQ(size_of(text).compact(), 10U);
  EXPECT_EQ(size_of(text).visible(), 9U);
}

TEST(JsonSize, AddsUpParts) {
  const std::string json = R"({"a":["b","c"],"d":[]})";
  JsonSize size;
  size.object(2);
  size.string("a");
  size.array(2);
  size.string("b");
  size.string("c");
  size.string("d");
  size.array(0);
  EXPECT_EQ(size.compact(), json.size());
  EXPECT_EQ(size.visible(), json.size());
}

}  // namespace
}  // namespace gabion::iam
