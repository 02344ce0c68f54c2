#include <gtest/gtest.h>
#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "eval/value.h"

namespace gabion::eval {
namespace {

std::string character(utf8proc_int32_t code) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t size = utf8proc_encode_char(code, bytes.data());
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size)};
}

/// What the library makes of a text as a whole.
std::string composed(const std::string& text) {
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> result(
      utf8proc_NFC(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str())), &std::free);
  return reinterpret_cast<const char*>(result.get());
}

TEST(NormalForm, IsThatOfTheLibraryForEachCharacter) {
  constexpr utf8proc_int32_t kEnd = 0x110000;
  for (utf8proc_int32_t code = 1; code < kEnd; ++code) {
    if (utf8proc_codepoint_valid(code)) {
      // Between a letter that takes accents, another such character, and an accent.
      const std::string text = "e" + character(code) + character(code) + "\u0301" + character(code) + "o";
      ASSERT_EQ(normalize(text), composed(text)) << std::hex << code;
      const std::string bare = "A" + character(code);
      ASSERT_EQ(normalize(bare), composed(bare)) << std::hex << code;
    }
  }
}

TEST(NormalForm, KeepsWhatIsNoUtf8) {
  for (const std::string_view text :
       {"\xc3", "a\xc3(", "\xe2\x80", "\xe2\x28\xa1", "\xf0\x9f\x98", "\xf0\x9f(\x80", "\xef\xb8", "abcdefgh\xff",
        "\xf0\x80\x93\xb0", "\xe0\x82\xa9", "\x84", "\xf8\x9f\x80\x80", "\xc0\xaf", "e\xcc\x81\xff"}) {
    EXPECT_EQ(normalize(text), text);
  }
}

}  // namespace
}  // namespace gabion::eval
