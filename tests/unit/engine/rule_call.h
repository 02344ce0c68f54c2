// Rule functions called as rules call them, for the tests about them.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string_view>

#include "engine/functions.h"

namespace gabion::engine {

/// All that functions may use. Borrows the configuration, in whose memory results are.
struct RuleCall {
  explicit RuleCall(const model::Configuration& loaded) : configuration(loaded) {}
  RuleCall(const RuleCall&) = delete;
  RuleCall& operator=(const RuleCall&) = delete;

  eval::Value operator()(std::string_view name, std::span<const eval::Value> arguments) {
    const RuleFunction* function = find_rule_function(name);
    EXPECT_NE(function, nullptr) << name;
    EXPECT_LE(function->min_arguments, arguments.size()) << name;
    EXPECT_GE(function->max_arguments, arguments.size()) << name;
    eval::Call call;
    call.name = name;
    call.arguments = arguments;
    return function->call(call, rule, context);
  }

  const model::Configuration& configuration;
  eval::Context context{configuration.context()};
  Views views{configuration, context};
  Evidence evidence{};
  source::ArtifactStore artifacts{};
  RuleContext rule{.configuration = configuration, .artifacts = artifacts, .views = views, .evidence = evidence};
};

}  // namespace gabion::engine
