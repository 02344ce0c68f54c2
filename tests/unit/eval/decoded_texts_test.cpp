#include "eval/decoded_texts.h"

#include <gtest/gtest.h>

#include "eval/value.h"
#include "source/arena.h"

namespace gabion::eval {
namespace {

source::Region region(std::uint32_t begin, std::uint32_t end) {
  return {source::ArtifactId{1}, begin, end};
}

class DecodedTextsTest : public testing::Test {
 protected:
  /// A text that was read by file() at `begin`, of a name that came from an expression at `via`.
  Value text(std::string_view bytes, std::uint32_t begin, std::uint32_t via) {
    const auto* path = arena_.make<Origin>(
        Origin{.kind = OriginKind::kExpression, .region = region(via, via + 5), .name = {}, .via = nullptr});
    const auto* call = arena_.make<Origin>(
        Origin{.kind = OriginKind::kComputed, .region = region(begin, begin + 9), .name = {}, .via = path});
    return make_string(arena_, bytes).with_origin(call);
  }

  source::Arena arena_;
  DecodedTexts decoded_;
};

TEST_F(DecodedTextsTest, KnowsATextThatCameTheSameWayToTheSameCall) {
  const Value result = make_number(arena_, 1);
  decoded_.add(region(0, 20), text("{}", 11, 30), result);
  const Value* known = decoded_.find(region(0, 20), text("{}", 11, 30));
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(equals(*known, result), Truth::kYes);
}

TEST_F(DecodedTextsTest, TellsApartWhatResultsTell) {
  decoded_.add(region(0, 20), text("{}", 11, 30), make_number(arena_, 1));
  EXPECT_EQ(decoded_.find(region(0, 20), text("[]", 11, 30)), nullptr) << "another text";
  EXPECT_EQ(decoded_.find(region(0, 21), text("{}", 11, 30)), nullptr) << "another call";
  EXPECT_EQ(decoded_.find(region(0, 20), text("{}", 12, 30)), nullptr) << "read by another call";
  EXPECT_EQ(decoded_.find(region(0, 20), text("{}", 11, 31)), nullptr) << "of a name from elsewhere";
  EXPECT_EQ(decoded_.find(region(0, 20), make_string(arena_, "{}")), nullptr) << "nobody knows from where";
}

TEST_F(DecodedTextsTest, NamesFunctionsOfOneText) {
  EXPECT_TRUE(DecodedTexts::decodes("jsondecode"));
  EXPECT_FALSE(DecodedTexts::decodes("jsonencode"));
  EXPECT_FALSE(DecodedTexts::decodes("file"));
}

}  // namespace
}  // namespace gabion::eval
