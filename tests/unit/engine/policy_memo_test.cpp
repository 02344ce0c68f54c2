// Remembered answers: equal questions share one, whatever configuration they come from, and nothing else does.
#include "engine/policy_memo.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "source/arena.h"

namespace gabion::engine {
namespace {

/// The values of one configuration.
struct World {
  source::Arena arena;
  eval::SymbolTable symbols{arena};

  eval::Value unknown(std::string_view name) {
    return eval::make_unknown(arena, eval::kStringType,
                              symbols.intern({.reason = eval::Reason::kVariable, .text = name}));
  }
  eval::Value text(std::string_view from) { return eval::make_string(arena, from); }
};

PolicyQuestion about(const eval::Value& value, const iam::ReadOptions& reading) {
  PolicyQuestion question(reading);
  question.add('n');
  question.add(value);
  return question;
}

TEST(PolicyMemoTest, AnswersInTermsOfTheSymbolsOfTheQuestion) {
  const iam::ReadOptions reading;
  World one;
  World other;
  const eval::Value asked = one.unknown("var.policy");
  RememberedProof answer{.kind = iam::PolicyKind::kTrust, .proof = {}};
  answer.proof.because = "it is so";
  answer.proof.holes.push_back({.name = "var.policy", .symbol = asked.unknown().symbol});
  answer.proof.holes.push_back({.name = "made up", .symbol = nullptr});
  PolicyMemo memo;
  memo.remember(about(asked, reading), answer);

  const eval::Value again = other.unknown("var.policy");
  const auto found = memo.find(about(again, reading));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, iam::PolicyKind::kTrust);
  EXPECT_EQ(found->proof.because, "it is so");
  ASSERT_EQ(found->proof.holes.size(), 2U);
  EXPECT_EQ(found->proof.holes[0].symbol, again.unknown().symbol);
  EXPECT_EQ(found->proof.holes[1].symbol, nullptr);
}

TEST(PolicyMemoTest, TellsQuestionsApart) {
  iam::ReadOptions reading;
  World world;
  PolicyMemo memo;
  memo.remember(about(world.text("a"), reading), {});
  EXPECT_TRUE(memo.find(about(world.text("a"), reading)));
  EXPECT_FALSE(memo.find(about(world.text("b"), reading)));
  EXPECT_FALSE(memo.find(about(eval::make_null(world.arena), reading)));
  memo.remember(about(world.unknown("var.a"), reading), {});
  EXPECT_FALSE(memo.find(about(world.unknown("var.b"), reading)));
  // What the configuration knows of the unknown counts too.
  reading.resolve = [](const eval::Symbol&) { return std::optional(iam::Text("arn:aws:s3:::logs")); };
  EXPECT_FALSE(memo.find(about(world.unknown("var.a"), reading)));
}

TEST(PolicyMemoTest, TellsApartWhatIsKnownOfUnknowns) {
  const iam::ReadOptions reading;
  World world;
  const eval::Symbol* const symbol = world.unknown("var.a").unknown().symbol;
  const auto same = [&](const eval::Unknown& one, const eval::Unknown& other) {
    return about(eval::make_unknown(world.arena, eval::kStringType, one), reading).text() ==
           about(eval::make_unknown(world.arena, eval::kStringType, other), reading).text();
  };
  const eval::Value element = world.text("a");
  const std::array<eval::Value, 1> some{element};
  const eval::Number number(1);
  const eval::Number greater(2);
  const std::array<eval::Unknown, 12> kinds{{
      {.symbol = symbol},
      {.symbol = symbol, .not_null = true},
      {.symbol = symbol, .alternatives = some},
      {.symbol = symbol, .prefix = "a"},
      {.symbol = symbol, .min_length = 1},
      {.symbol = symbol, .max_length = 1},
      {.symbol = symbol, .filtered = true},
      {.symbol = symbol, .at_least = &number},
      {.symbol = symbol, .at_least = &greater},
      {.symbol = symbol, .at_most = &number},
      {.symbol = symbol, .element = &element},
      {.symbol = symbol, .held = some},
  }};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    for (std::size_t j = 0; j < kinds.size(); ++j) {
      EXPECT_EQ(same(kinds[i], kinds[j]), i == j) << i << " and " << j;
    }
  }
}

TEST(PolicyMemoTest, TellsPoliciesApartByWhatWasEncoded) {
  const iam::ReadOptions reading;
  World world;
  const auto encoded = [&](std::string_view name) {
    const eval::Value hole = world.unknown(name);
    const std::array<eval::Part, 3> parts{eval::Part{.text = "[\""}, eval::Part{.value = &hole},
                                          eval::Part{.text = "\"]"}};
    const eval::Value list = eval::make_tuple(world.arena, std::array<eval::Value, 1>{hole});
    const eval::StringDetail detail{.parts = parts, .encoded = &list};
    const eval::Symbol* const symbol = world.unknown("text").unknown().symbol;
    const eval::Value text =
        eval::make_unknown(world.arena, eval::kStringType, eval::Unknown{.symbol = symbol}, &detail);
    return std::string(about(text, reading).text());
  };
  EXPECT_EQ(encoded("var.a"), encoded("var.a"));
  EXPECT_NE(encoded("var.a"), encoded("var.b"));
}

TEST(PolicyMemoTest, TellsShortenedQuestionsApart) {
  const iam::ReadOptions reading;
  World world;
  PolicyMemo memo;
  const auto shortened = [&](const eval::Value& policy, const eval::Value& argument) {
    PolicyQuestion question(reading);
    question.add(policy);
    memo.shorten(question);
    const std::size_t kept = question.text().size();
    question.add('n');
    question.add(argument);
    memo.shorten(question, kept);
    return question;
  };
  const std::string longer(1000, 'x');
  const eval::Value policy = world.text(longer);
  EXPECT_LT(shortened(policy, policy).text().size(), 50U);
  memo.remember(shortened(policy, world.text("a")), {});
  EXPECT_TRUE(memo.find(shortened(world.text(longer), world.text("a"))));
  EXPECT_FALSE(memo.find(shortened(policy, world.text("b"))));
  EXPECT_FALSE(memo.find(shortened(world.text("a"), policy)));
  EXPECT_FALSE(memo.find(shortened(world.text("a"), world.text("a"))));
  // The argument names the unknown of the policy, or another one.
  const eval::Value unknown = world.unknown("var.policy");
  memo.remember(shortened(unknown, unknown), {});
  EXPECT_TRUE(memo.find(shortened(unknown, unknown)));
  EXPECT_FALSE(memo.find(shortened(unknown, world.unknown("var.other"))));
}

TEST(PolicyMemoTest, ForgetsWhatNobodyAskedForLately) {
  const iam::ReadOptions reading;
  World world;
  RememberedProof answer;
  answer.proof.because = std::string(1000, 'x');
  PolicyMemo memo;
  memo.remember(about(world.unknown("var.often"), reading), answer);
  memo.remember(about(world.unknown("var.once"), reading), answer);
  for (int i = 0; i < 10'000; ++i) {
    memo.remember(about(world.unknown("var.n" + std::to_string(i)), reading), answer);
    ASSERT_TRUE(memo.find(about(world.unknown("var.often"), reading)));
  }
  EXPECT_TRUE(memo.find(about(world.unknown("var.n9999"), reading)));
  EXPECT_FALSE(memo.find(about(world.unknown("var.once"), reading)));
}

TEST(PolicyMemoTest, KeepsNothingThatHangsOnMoreThanTheQuestion) {
  const iam::ReadOptions reading;
  World world;
  RememberedProof answer;
  answer.proof.holes.push_back({.name = "var.b", .symbol = world.unknown("var.b").unknown().symbol});
  PolicyMemo memo;
  memo.remember(about(world.unknown("var.a"), reading), answer);
  EXPECT_FALSE(memo.find(about(world.unknown("var.a"), reading)));
}

TEST(PolicyMemoTest, ReadsAQuestionOnceWhereAllOfItIsKnown) {
  PolicyMemo memo;
  int read = 0;
  const auto make = [&] {
    ++read;
    return ReadQuestion{.question = {}, .error = std::to_string(read)};
  };
  EXPECT_EQ(memo.read("a", true, make)->error, "1");
  EXPECT_EQ(memo.read("a", true, make)->error, "1");
  EXPECT_EQ(memo.read("b", true, make)->error, "2");
  EXPECT_EQ(memo.read("a", false, make)->error, "3");
  EXPECT_EQ(memo.read("a", true, make)->error, "1");
}

}  // namespace
}  // namespace gabion::engine
