// What rule functions gave for texts is given again, with the places of those who ask.
#include "engine/function_memo.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

using eval::Value;

class FunctionMemos : public terraform::testing::Terraform {
 protected:
  void SetUp() override {
    write("main.tf", "");
    load();
  }
};

TEST_F(FunctionMemos, ChosenElementsAreThoseOfTheListThatIsGiven) {
  eval::Context context = configuration_->context();
  Views views(*configuration_, context);
  Evidence evidence;
  source::ArtifactStore artifacts;
  RuleContext rule{*configuration_, artifacts, views, evidence};
  FunctionMemo memo;
  const RuleFunction& function = *find_rule_function("nonexistent_actions");
  const auto list = [&](const std::vector<std::string_view>& texts, const eval::Origin* origin) {
    std::vector<Value> elements;
    for (const std::string_view text : texts) {
      elements.push_back(eval::make_string(context.arena, text).with_origin(origin));
    }
    return eval::make_tuple(context.arena, elements);
  };
  const auto ask = [&](const Value& actions) {
    eval::Call call;
    call.name = function.name;
    call.arguments = std::span(&actions, 1);
    return memo.call(function, call, rule, context);
  };
  for (int i = 0; i < 3; ++i) {
    const eval::Origin* origin = eval::make_origin(context.arena, eval::OriginKind::kExpression, {});
    const std::optional<Value> some = ask(list({"s3:GetObjekt", "s3:GetObject", "nothing:*"}, origin));
    ASSERT_TRUE(some);
    EXPECT_EQ(eval::to_json(*some), R"(["s3:GetObjekt","nothing:*"])");
    EXPECT_EQ(some->elements()[0].origin(), origin);
    EXPECT_EQ(some->elements()[1].origin(), origin);
    const Value wrong = list({"nothing:*"}, origin);
    const std::optional<Value> all = ask(wrong);
    ASSERT_TRUE(all);
    EXPECT_EQ(&all->node(), &wrong.node());
    EXPECT_EQ(eval::to_json(*ask(list({"s3:GetObject"}, origin))), "[]");
  }
}

TEST_F(FunctionMemos, NothingIsRememberedOfWhatIsNotKnown) {
  eval::Context context = configuration_->context();
  Views views(*configuration_, context);
  Evidence evidence;
  source::ArtifactStore artifacts;
  RuleContext rule{*configuration_, artifacts, views, evidence};
  FunctionMemo memo;
  const RuleFunction& function = *find_rule_function("nonexistent_actions");
  const Value unknown = eval::make_unknown(
      context.arena, eval::kStringType, context.symbols.intern({.reason = eval::Reason::kVariable, .text = "var.x"}));
  const Value actions = eval::make_tuple(context.arena, std::array{unknown});
  eval::Call call;
  call.name = function.name;
  call.arguments = std::span(&actions, 1);
  EXPECT_FALSE(memo.call(function, call, rule, context));
}

}  // namespace
}  // namespace gabion::engine
