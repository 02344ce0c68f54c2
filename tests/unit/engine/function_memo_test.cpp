// What rule functions gave for texts is given again, with the places of those who ask.
#include "engine/function_memo.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "unit/engine/rule_call.h"
#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

using eval::Value;

class FunctionMemos : public terraform::testing::Terraform {
 protected:
  void SetUp() override {
    write("main.tf", "");
    load();
    call_.emplace(*configuration_);
  }

  eval::Context& context() { return call_->context; }

  /// The result that the memo has or takes, if it does.
  std::optional<Value> ask(const Value& actions) {
    const RuleFunction& function = *find_rule_function("nonexistent_actions");
    eval::Call call;
    call.name = function.name;
    call.arguments = std::span(&actions, 1);
    return memo_.call(function, call, call_->rule, call_->context);
  }

 private:
  std::optional<RuleCall> call_;
  FunctionMemo memo_;
};

TEST_F(FunctionMemos, ChosenElementsAreThoseOfTheListThatIsGiven) {
  const auto list = [&](const std::vector<std::string_view>& texts, const eval::Origin* origin) {
    std::vector<Value> elements;
    for (const std::string_view text : texts) {
      elements.push_back(eval::make_string(context().arena, text).with_origin(origin));
    }
    return eval::make_tuple(context().arena, elements);
  };
  for (int i = 0; i < 3; ++i) {
    const eval::Origin* origin = eval::make_origin(context().arena, eval::OriginKind::kExpression, {});
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
  const Value unknown =
      eval::make_unknown(context().arena, eval::kStringType,
                         context().symbols.intern({.reason = eval::Reason::kVariable, .text = "var.x"}));
  EXPECT_FALSE(ask(eval::make_tuple(context().arena, std::array{unknown})));
}

}  // namespace
}  // namespace gabion::engine
