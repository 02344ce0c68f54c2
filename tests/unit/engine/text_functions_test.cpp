// Rule functions over names, called with texts of which only parts are known.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "unit/engine/rule_call.h"
#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

using eval::Value;

class TextFunctions : public terraform::testing::Terraform {
 protected:
  /// Values as they are written in HCL: var.x is not known, nor is the account.
  std::vector<Value> values(const std::vector<std::string_view>& written) {
    std::string text = "variable \"x\" {\n  type = string\n}\ndata \"aws_caller_identity\" \"me\" {}\n";
    for (std::size_t i = 0; i < written.size(); ++i) {
      text += "resource \"terraform_data\" \"v" + std::to_string(i) + "\" {\n  input = " + std::string(written[i]) +
              "\n}\n";
    }
    write("main.tf", text);
    load();
    std::vector<Value> result;
    for (std::size_t i = 0; i < written.size(); ++i) {
      result.push_back(value("terraform_data.v" + std::to_string(i), "input"));
    }
    return result;
  }
};

/// Globs over names of which parts are known.
class Globs : public TextFunctions {
 protected:
  struct Case {
    std::string_view pattern;  ///< several, with a space after each
    std::string_view name;     ///< as it is written
    std::string_view result;
  };

  static Value patterns(std::string_view text, eval::Context& context) {
    std::vector<Value> list;
    for (std::size_t end = text.find(' '); end != std::string_view::npos; end = text.find(' ')) {
      list.push_back(eval::make_string(context.arena, text.substr(0, end)));
      text.remove_prefix(end + 1);
    }
    return list.empty() ? eval::make_string(context.arena, text) : eval::make_tuple(context.arena, list);
  }

  void expect(const std::vector<Case>& cases) {
    std::vector<std::string_view> written;
    std::ranges::transform(cases, std::back_inserter(written), &Case::name);
    const std::vector<Value> names = values(written);
    RuleCall call(*configuration_);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const Case& one = cases[i];
      const Value result = call("glob", std::array{patterns(one.pattern, call.context), names[i]});
      EXPECT_EQ(result.is_unknown() ? "unknown" : eval::to_json(result), one.result) << one.pattern << " " << one.name;
    }
  }
};

TEST_F(Globs, GlobsMatchWhateverIsNotKnownOrNever) {
  expect({
      {"*log*", R"("${var.x}-flowlogs")", "true"},
      {"*log*", R"("log-${var.x}")", "true"},
      {"*log*", R"("${var.x}-data")", "unknown"},
      {"*log*", R"("lo${var.x}g")", "unknown"},
      {"acme-*", R"("acme-${var.x}")", "true"},
      {"acme-*", R"("other-${var.x}")", "false"},
      {"acme-*-state", R"("acme-${var.x}-state")", "true"},
      {"acme-?*-state", R"("acme-${var.x}-state")", "unknown"},
      {"*-state", R"("${var.x}-log")", "false"},
      {"*-state", R"("${var.x}-state")", "true"},
      {"state", R"("${var.x}")", "unknown"},
      {"*", R"("${var.x}-a")", "true"},
      {"a?c", R"("a${var.x}c")", "unknown"},
      {"a?c", R"("abcd${var.x}")", "false"},
      {"", R"("${var.x}")", "unknown"},
      {"", R"("a${var.x}")", "false"},
      {"a*b*c", R"("a${var.x}b-${var.x}c")", "true"},
      {"a*b*c", R"("a${var.x}d")", "false"},
  });
}

TEST_F(Globs, GlobsMatchAnyOfAList) {
  expect({
      {"a* *b ", R"("ac")", "true"},
      {"a* *b ", R"("cb")", "true"},
      {"a* *b ", R"("bc")", "false"},
      {"a* *b ", R"("${var.x}b")", "true"},
      {"a* *b ", R"("b${var.x}")", "unknown"},
      {"a* *b ", R"("b${var.x}c")", "false"},
      {"a* *b ", "var.x", "unknown"},
      {"a* *b ", "null", "false"},
  });
}

// The number of an account has digits alone.
TEST_F(Globs, GlobsMatchNoTextThatAHoleCannotHold) {
  expect({
      {"*audit*", R"("shop-${data.aws_caller_identity.me.account_id}")", "false"},
      {"*-state-*", R"("shop-state-${data.aws_caller_identity.me.account_id}")", "true"},
      {"*-state-*", R"("shop-${data.aws_caller_identity.me.account_id}-")", "false"},
      {"shop-1*", R"("shop-${data.aws_caller_identity.me.account_id}")", "unknown"},
      {"shop-?*x", R"("shop-${data.aws_caller_identity.me.account_id}x")", "unknown"},
      {"shop-*-x", R"("shop-${data.aws_caller_identity.me.account_id}${var.x}")", "unknown"},
  });
}

// Filters of rules, which leave out what surely does not matter.
class Filters : public TextFunctions {
 protected:
  struct Case {
    std::string_view value;  ///< as it is written
    std::string_view other;  ///< the second argument, if there is one
  };

  /// The results of a function as JSON.
  std::vector<std::string> filtered(std::string_view name, const std::vector<Case>& cases) {
    std::vector<std::string_view> written;
    std::ranges::transform(cases, std::back_inserter(written), &Case::value);
    const std::vector<Value> given = values(written);
    RuleCall call(*configuration_);
    std::vector<std::string> results;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      std::vector<Value> arguments = {given[i]};
      if (!cases[i].other.empty()) {
        arguments.push_back(eval::make_string(call.context.arena, cases[i].other));
      }
      results.push_back(eval::to_json(call(name, arguments)));
    }
    return results;
  }
};

TEST_F(Filters, TextsThatEndSoOrMay) {
  const std::vector<std::string> found =
      filtered("ending", {{R"(["a:*", "a:b", ":*"])", ":*"},
                          {R"(["a", "b"])", "c"},
                          {"[]", "c"},
                          // The end of the second is known, of the third not enough of it.
                          {R"(["${var.x}-log", "${var.x}-data", "${var.x}g", var.x, "x"])", "-log"},
                          {R"(["${var.x}-log", "${var.x}g", var.x])", "-log"}});
  EXPECT_EQ(found[0], R"(["a:*",":*"])");
  EXPECT_EQ(found[1], "[]");
  EXPECT_EQ(found[2], "[]");
  EXPECT_EQ(found[3], found[4]);
  EXPECT_NE(found[4], "[]");
}

TEST_F(Filters, ConditionsThatMayHold) {
  EXPECT_EQ(filtered("possibly", {{"true", ""}, {"false", ""}, {R"(var.x == "x")", ""}}),
            (std::vector<std::string>{"true", "false", "true"}));
}

TEST_F(Filters, StatementsWithPrincipalsOfAType) {
  constexpr std::string_view kStatements = R"([
    {index = 0, principals = [{type = "Service", identifiers = []}, {type = "Federated", identifiers = []}]},
    {index = 1, principals = [{type = "Service", identifiers = []}]},
    {index = 2, principals = null},
    {index = 3, principals = [{type = var.x, identifiers = []}]},
    {index = 4, principals = []},
  ])";
  const std::string found = filtered("with_principals", {{kStatements, "Federated"}}).front();
  for (const int index : {0, 3}) {
    EXPECT_NE(found.find("\"index\":" + std::to_string(index)), std::string::npos) << found;
  }
  for (const int index : {1, 2, 4}) {
    EXPECT_EQ(found.find("\"index\":" + std::to_string(index)), std::string::npos) << found;
  }
}

}  // namespace
}  // namespace gabion::engine
