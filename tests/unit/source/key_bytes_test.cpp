#include "source/key_bytes.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace gabion::source {
namespace {

TEST(KeyBytes, NumbersAndTextsDoNotBeginAsOthers) {
  std::vector<std::string> keys;
  for (const std::size_t number : {0UL, 1UL, 127UL, 128UL, 255UL, 16383UL, 16384UL, ~0UL}) {
    KeyBytes key;
    key.add_number(number);
    keys.emplace_back(key.view());
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = 0; j < keys.size(); ++j) {
      EXPECT_EQ(keys[i].starts_with(keys[j]), i == j) << i << ' ' << j;
    }
  }
  KeyBytes one;
  one.add_text("a");
  one.add_text("bc");
  KeyBytes other;
  other.add_text("ab");
  other.add_text("c");
  EXPECT_NE(one.view(), other.view());
}

TEST(KeyBytes, GrowsAndIsCut) {
  KeyBytes key(2);
  const std::string text(2000, 'x');
  key.add_byte('<');
  key.add_bytes(text);
  key.add_bytes("");
  EXPECT_EQ(key.view(), "<" + text);
  key.cut(1);
  key.add_bytes(">");
  EXPECT_EQ(key.view(), "<>");
}

}  // namespace
}  // namespace gabion::source
