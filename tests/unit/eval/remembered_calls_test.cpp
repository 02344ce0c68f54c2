#include "eval/remembered_calls.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "eval/evaluator.h"
#include "eval/value.h"
#include "source/arena.h"

namespace gabion::eval {
namespace {

source::Region region(std::uint32_t begin, std::uint32_t end) {
  return {source::ArtifactId{1}, begin, end};
}

class RememberedCallsTest : public testing::Test {
 protected:
  /// A text that was read by file() at `begin`, of a name that came from an expression at `via`.
  Value text(std::string_view bytes, std::uint32_t begin, std::uint32_t via) {
    const auto* path = make_origin(arena_, OriginKind::kExpression, region(via, via + 5));
    const auto* call = make_origin(arena_, OriginKind::kComputed, region(begin, begin + 9), {}, path);
    return make_string(arena_, bytes).with_origin(call);
  }
  /// { key = value }
  Value object(std::string_view key, const Value& value) {
    const std::array<Member, 1> members{Member{.name = key, .value = value}};
    return make_object(arena_, members);
  }
  /// A text with one part that stands at `begin`.
  Value template_of(std::string_view bytes, std::uint32_t begin) {
    const auto* part = arena_.make<Part>(Part{.text = bytes, .region = region(begin, begin + 4)});
    const auto* detail = arena_.make<StringDetail>(StringDetail{.parts = std::span<const Part>(part, 1)});
    return make_string(arena_, bytes, detail);
  }
  [[nodiscard]] const Value* find(std::uint32_t begin, const std::vector<Value>& arguments) const {
    return calls_.find(region(begin, 20), arguments);
  }
  void add(std::uint32_t begin, const std::vector<Value>& arguments) {
    calls_.add(region(begin, 20), arguments, make_number(arena_, 1));
  }

  source::Arena arena_;
  RememberedCalls calls_;
};

TEST_F(RememberedCallsTest, KnowsATextThatCameTheSameWayToTheSameCall) {
  add(0, {text("{}", 11, 30)});
  const Value* known = find(0, {text("{}", 11, 30)});
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(equals(*known, make_number(arena_, 1)), Truth::kYes);
}

TEST_F(RememberedCallsTest, TellsApartWhatResultsTell) {
  add(0, {text("{}", 11, 30)});
  EXPECT_EQ(find(0, {text("[]", 11, 30)}), nullptr) << "another text";
  EXPECT_EQ(find(1, {text("{}", 11, 30)}), nullptr) << "another call";
  EXPECT_EQ(find(0, {text("{}", 12, 30)}), nullptr) << "read by another call";
  EXPECT_EQ(find(0, {text("{}", 11, 31)}), nullptr) << "of a name from elsewhere";
  EXPECT_EQ(find(0, {make_string(arena_, "{}")}), nullptr) << "nobody knows from where";
  EXPECT_EQ(find(0, {text("{}", 11, 30), make_bool(true)}), nullptr) << "one more argument";
}

TEST_F(RememberedCallsTest, LooksIntoTemplates) {
  add(0, {template_of("here", 5)});
  EXPECT_NE(find(0, {template_of("here", 5)}), nullptr);
  EXPECT_EQ(find(0, {template_of("here", 6)}), nullptr) << "its part stands elsewhere";
  EXPECT_EQ(find(0, {make_string(arena_, "here")}), nullptr) << "it has no parts";
}

TEST_F(RememberedCallsTest, LooksIntoVariablesOfTemplates) {
  const Value path = make_string(arena_, "policy.json");
  add(0, {path, object("name", text("a", 1, 2))});
  EXPECT_NE(find(0, {make_string(arena_, "policy.json"), object("name", text("a", 1, 2))}), nullptr);
  EXPECT_EQ(find(0, {path, object("name", text("b", 1, 2))}), nullptr) << "another value";
  EXPECT_EQ(find(0, {path, object("names", text("a", 1, 2))}), nullptr) << "another name";
  EXPECT_EQ(find(0, {path, object("name", text("a", 1, 3))}), nullptr) << "a value from elsewhere";
  EXPECT_EQ(find(0, {path, object("name", make_number(arena_, 1))}), nullptr) << "another type";
}

TEST_F(RememberedCallsTest, LooksIntoLists) {
  const auto list = [&](std::int64_t last) {
    const std::array<Value, 2> elements{make_bool(true), make_number(arena_, last)};
    return make_tuple(arena_, elements);
  };
  add(0, {make_string(arena_, "x"), object("ports", list(443))});
  EXPECT_NE(find(0, {make_string(arena_, "x"), object("ports", list(443))}), nullptr);
  EXPECT_EQ(find(0, {make_string(arena_, "x"), object("ports", list(80))}), nullptr);
}

TEST_F(RememberedCallsTest, ManyMembersAreTheSameWhenTheyAreOneThing) {
  constexpr int kMany = 100;
  const auto map = [&] {
    std::vector<Member> members;
    for (int i = 0; i < kMany; ++i) {
      const std::string name = "key-" + std::to_string(1000 + i);
      members.push_back({.name = arena_.copy(std::string_view(name)), .value = make_bool(true)});
    }
    return make_object(arena_, members);
  };
  const Value one = map();
  add(0, {one});
  EXPECT_NE(find(0, {one}), nullptr);
  EXPECT_EQ(find(0, {map()}), nullptr);
}

TEST_F(RememberedCallsTest, KeepsABoundedNumberThatAreAlike) {
  constexpr std::uint32_t kWays = 200;
  for (std::uint32_t i = 0; i < kWays; ++i) {
    add(0, {text("{}", 11, i)});
  }
  EXPECT_NE(find(0, {text("{}", 11, 0)}), nullptr);
  EXPECT_EQ(find(0, {text("{}", 11, kWays - 1)}), nullptr);
}

TEST_F(RememberedCallsTest, PaysForLongTextsAndLargeMaps) {
  const std::string long_text(1000, ' ');
  std::vector<Member> members;
  for (char c = 'a'; c <= 'z'; ++c) {
    members.push_back({.name = arena_.copy(std::string_view(&c, 1)), .value = make_bool(true)});
  }
  const std::array<Value, 1> text{make_string(arena_, long_text)};
  const std::array<Value, 1> map{make_object(arena_, members)};
  const std::array<Value, 1> small{object("a", make_bool(true))};
  const std::array<Value, 1> secret{with_marks(arena_, map[0], kSensitive)};
  EXPECT_TRUE(RememberedCalls::pays("jsondecode", text));
  EXPECT_FALSE(RememberedCalls::pays("jsonencode", text));
  EXPECT_FALSE(RememberedCalls::pays("upper", text));
  EXPECT_TRUE(RememberedCalls::pays("keys", map));
  EXPECT_FALSE(RememberedCalls::pays("jsondecode", map));
  EXPECT_FALSE(RememberedCalls::pays("keys", small));
  EXPECT_FALSE(RememberedCalls::pays("keys", secret));
  EXPECT_FALSE(RememberedCalls::pays("keys", text));
}

TEST_F(RememberedCallsTest, KnowsElementsByWhatTheyAreMadeOf) {
  SymbolTable symbols(arena_);
  const Symbol& one = *symbols.intern({.text = "var.table[*]"});
  const Symbol& other = *symbols.intern({.text = "var.other[*]"});
  const Value pattern = text("{}", 11, 30);
  calls_.add_element(pattern, one, make_number(arena_, 1));
  const Value* known = calls_.find_element(pattern, one);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(equals(*known, make_number(arena_, 1)), Truth::kYes);
  EXPECT_EQ(calls_.find_element(pattern, other), nullptr) << "another element";
  EXPECT_EQ(calls_.find_element(pattern.with_origin(text("{}", 12, 30).origin()), one), nullptr) << "another way";
  EXPECT_EQ(calls_.find_element(text("{}", 11, 30), one), nullptr) << "another value";
}

}  // namespace
}  // namespace gabion::eval
