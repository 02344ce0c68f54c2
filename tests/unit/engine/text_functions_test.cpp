// Rule functions over names, called with texts of which only parts are known.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/functions.h"
#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

using eval::Value;

class TextFunctions : public terraform::testing::Terraform {
 protected:
  struct Case {
    std::string_view pattern;  ///< several, with a space after each
    std::string_view name;     ///< of a bucket, as it is written in HCL; var.x is not known
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
    std::string text = "variable \"x\" {\n  type = string\n}\ndata \"aws_caller_identity\" \"me\" {}\n";
    for (std::size_t i = 0; i < cases.size(); ++i) {
      text += "resource \"aws_s3_bucket\" \"b" + std::to_string(i) + "\" {\n  bucket = " + std::string(cases[i].name) +
              "\n}\n";
    }
    write("main.tf", text);
    load();
    eval::Context context = configuration_->context();
    Views views(*configuration_, context);
    Evidence evidence;
    source::ArtifactStore artifacts;
    RuleContext rule{*configuration_, artifacts, views, evidence};
    for (const model::ResourceId id : configuration_->of_type("aws_s3_bucket")) {
      const model::Resource& bucket = configuration_->resource(id);
      const Case& one = cases.at(std::stoul(std::string(bucket.name.substr(1))));
      const std::vector<Value> arguments = {patterns(one.pattern, context), bucket.body->attribute("bucket")->value};
      eval::Call call;
      call.name = "glob";
      call.arguments = arguments;
      const Value result = find_rule_function("glob")->call(call, rule, context);
      EXPECT_EQ(result.is_unknown() ? "unknown" : eval::to_json(result), one.result) << one.pattern << " " << one.name;
    }
  }
};

TEST_F(TextFunctions, GlobsMatchWhateverIsNotKnownOrNever) {
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

TEST_F(TextFunctions, GlobsMatchAnyOfAList) {
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
TEST_F(TextFunctions, GlobsMatchNoTextThatAHoleCannotHold) {
  expect({
      {"*audit*", R"("shop-${data.aws_caller_identity.me.account_id}")", "false"},
      {"*-state-*", R"("shop-state-${data.aws_caller_identity.me.account_id}")", "true"},
      {"*-state-*", R"("shop-${data.aws_caller_identity.me.account_id}-")", "false"},
      {"shop-1*", R"("shop-${data.aws_caller_identity.me.account_id}")", "unknown"},
      {"shop-?*x", R"("shop-${data.aws_caller_identity.me.account_id}x")", "unknown"},
      {"shop-*-x", R"("shop-${data.aws_caller_identity.me.account_id}${var.x}")", "unknown"},
  });
}

}  // namespace
}  // namespace gabion::engine
