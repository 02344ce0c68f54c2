#include "cache/codec.h"

#include <gtest/gtest.h>

#include <limits>

namespace gabion::cache {
namespace {

TEST(Codec, ReadsWhatWasWritten) {
  Writer writer;
  const std::uint64_t numbers[] = {0, 1, 127, 128, 300, 1ULL << 63U, std::numeric_limits<std::uint64_t>::max()};
  for (const std::uint64_t number : numbers) {
    writer.number(number);
  }
  writer.text("");
  writer.text(std::string("a\0b", 3));
  writer.digest(digest_of("x"));
  const std::string bytes = writer.take();
  Reader reader(bytes);
  for (const std::uint64_t number : numbers) {
    EXPECT_EQ(reader.number(), number);
  }
  EXPECT_EQ(reader.text(), "");
  EXPECT_EQ(reader.text(), std::string_view("a\0b", 3));
  EXPECT_EQ(reader.digest(), digest_of("x"));
  EXPECT_TRUE(reader.ended());
}

TEST(Codec, FailsForGoodWhereBytesAreMissing) {
  Writer writer;
  writer.number(300);
  writer.text("text");
  writer.digest(digest_of("x"));
  const std::string bytes = writer.take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Reader reader(std::string_view(bytes).substr(0, size));
    static_cast<void>(reader.number());
    static_cast<void>(reader.text());
    static_cast<void>(reader.digest());
    EXPECT_TRUE(reader.failed()) << size;
    EXPECT_FALSE(reader.ended());
    EXPECT_EQ(reader.text(), "");
  }
}

TEST(Codec, TakesNoNumberOfMoreThan64Bits) {
  Reader reader("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
  EXPECT_EQ(reader.number(), 0U);
  EXPECT_TRUE(reader.failed());
}

TEST(Codec, TakesNoCountThatCannotBe) {
  Writer writer;
  writer.number(4);
  std::string bytes = writer.take() + "abcdefg";
  Reader less(bytes);
  EXPECT_EQ(less.count(2), 0U);
  EXPECT_TRUE(less.failed());
  bytes += "h";
  Reader enough(bytes);
  EXPECT_EQ(enough.count(2), 4U);
  EXPECT_FALSE(enough.failed());
}

TEST(Hasher, KeepsFieldsApart) {
  EXPECT_NE(Hasher().text("ab").text("c").finish(), Hasher().text("a").text("bc").finish());
  EXPECT_NE(Hasher().text("").finish(), Hasher().finish());
  EXPECT_EQ(Hasher().text("ab").number(7).finish(), Hasher().text("ab").number(7).finish());
}

TEST(Digest, IsSha256) {
  EXPECT_EQ(hexadecimal(digest_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace gabion::cache
