// templatefile and templatestring.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "eval/remembered_calls.h"
#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using ::testing::HasSubstr;
using testing::Workbench;

class TemplateFunctions : public ::testing::Test {
 protected:
  TemplateFunctions() {
    bench.files().add("hello.tftpl", "Hello, ${name}!\n%{ for x in list ~}\n- ${upper(x)}\n%{ endfor ~}\n");
    bench.files().add("plain.json", "{\"a\": \"${bucket}/*\"}");
    bench.files().add("list.tftpl", "${list}");
    bench.files().add("recursive.tftpl", "${templatefile(\"hello.tftpl\", {})}");
    bench.files().add("broken.tftpl", "${");
    bench.bind_unknown("open", "string");
    bench.bind("text", "\"<$${name}>\"");
  }
  Workbench bench;
};

TEST_F(TemplateFunctions, RenderFiles) {
  EXPECT_EQ(bench.json("templatefile(\"hello.tftpl\", {name = \"you\", list = [\"a\", \"b\"]})"),
            "\"Hello, you!\\n- A\\n- B\\n\"");
  EXPECT_EQ(bench.json("templatefile(\"list.tftpl\", {list = [1]})"), "[1]");
  EXPECT_EQ(bench.text("templatefile(\"plain.json\", {bucket = open})"), "\"{\\\"a\\\": \\\"${open}/*\\\"}\"");
}

TEST_F(TemplateFunctions, PartsLieInTheFile) {
  const Value value = bench.evaluate("templatefile(\"plain.json\", {bucket = \"b\"})");
  ASSERT_TRUE(value.is_string());
  EXPECT_EQ(value.text(), "{\"a\": \"b/*\"}");
  ASSERT_EQ(value.detail()->parts.size(), 3U);
  EXPECT_EQ(bench.store().text(value.detail()->parts[2].region), "/*\"}");
  EXPECT_EQ(bench.store().get(value.detail()->parts[2].region.artifact).path(), "plain.json");
}

TEST_F(TemplateFunctions, RenderStrings) {
  EXPECT_EQ(bench.json("templatestring(text, {name = \"n\"})"), "\"<n>\"");
  EXPECT_TRUE(bench.evaluate("templatestring(open, {name = \"n\"})").is_unknown());
  EXPECT_THAT(bench.json("templatestring(\"<$${name}>\", {})"), HasSubstr("direct reference"));
  EXPECT_THAT(bench.json("templatestring(text, {})"), HasSubstr("vars map does not contain key \"name\""));
}

TEST_F(TemplateFunctions, SayWhatIsWrong) {
  EXPECT_THAT(bench.json("templatefile(\"hello.tftpl\", {})"), HasSubstr("vars map does not contain key \"name\""));
  EXPECT_THAT(bench.json("templatefile(\"hello.tftpl\", {\"1x\" = 1})"), HasSubstr("invalid template variable name"));
  EXPECT_THAT(bench.json("templatefile(\"hello.tftpl\", 1)"), HasSubstr("must be a map"));
  EXPECT_THAT(bench.json("templatefile(\"broken.tftpl\", {})"), HasSubstr("invalid template"));
  EXPECT_THAT(bench.json("templatefile(\"recursive.tftpl\", {})"), HasSubstr("cannot recursively call"));
  EXPECT_THAT(bench.json("templatefile(\"hello.tftpl\")"), HasSubstr("expects 2 argument(s)"));
}

TEST_F(TemplateFunctions, FilesThatAreNotThereAreErrors) {
  EXPECT_THAT(bench.json("templatefile(\"missing.tftpl\", {})"), HasSubstr("no file exists at \"missing.tftpl\""));
  // What is in a home directory is not looked at.
  const Value value = bench.evaluate("templatefile(\"~/missing.tftpl\", {})");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown().symbol->reason, Reason::kFile);
  EXPECT_EQ(to_string(*value.node().type()), "string");
}

/// Counts the values of names in templates.
class CountingNames final : public Observer {
 public:
  void saw(const syntax::hcl::Expression& expression, const Value& /*value*/) override {
    names += expression.kind == syntax::hcl::ExpressionKind::kTraversal ? 1 : 0;
  }
  int names = 0;
};

class RememberedTemplates : public TemplateFunctions {
 protected:
  RememberedTemplates() { bench.context().remembered = &remembered; }
  /// The texts that a template makes in a loop over names.
  std::vector<Value> in_turns(std::string_view names, std::string_view variables) {
    const Value all = bench.evaluate("[for n in " + std::string(names) + " : templatefile(\"plain.json\", " +
                                     std::string(variables) + ")]");
    return {all.elements().begin(), all.elements().end()};
  }
  RememberedCalls remembered;
};

TEST_F(RememberedTemplates, AreRenderedOnceForTheSameVariables) {
  bench.bind("vars", "{bucket = \"b\"}");
  const std::vector<Value> turns = in_turns("[\"x\", \"y\"]", "vars");
  ASSERT_EQ(turns.size(), 2U);
  EXPECT_EQ(turns[0].text(), "{\"a\": \"b/*\"}");
  EXPECT_EQ(&turns[0].node(), &turns[1].node());
}

TEST_F(RememberedTemplates, AreRenderedAnewForOthers) {
  const std::vector<Value> turns = in_turns("[\"x\", \"y\", \"x\"]", "{bucket = n}");
  ASSERT_EQ(turns.size(), 3U);
  EXPECT_EQ(turns[0].text(), "{\"a\": \"x/*\"}");
  EXPECT_EQ(turns[1].text(), "{\"a\": \"y/*\"}");
  EXPECT_EQ(turns[2].text(), turns[0].text());
  // The third turn's name was written elsewhere.
  EXPECT_NE(&turns[2].node(), &turns[0].node());
}

TEST_F(RememberedTemplates, WithUnknownOrSensitiveVariablesAreRenderedAnew) {
  bench.bind("secret", "{bucket = sensitive(\"b\")}");
  bench.bind("unknown", "{bucket = open}");
  for (const std::string_view variables : {"secret", "unknown"}) {
    const std::vector<Value> turns = in_turns("[1, 2]", variables);
    ASSERT_EQ(turns.size(), 2U);
    EXPECT_NE(&turns[0].node(), &turns[1].node()) << variables;
  }
}

TEST_F(RememberedTemplates, AreSeenInEachTurn) {
  CountingNames names;
  bench.bind("vars", "{bucket = \"b\"}");
  bench.context().observer = &names;
  ASSERT_EQ(in_turns("[1, 2, 3]", "vars").size(), 3U);
  EXPECT_EQ(names.names, 6) << "vars and bucket, three times";
}

TEST_F(RememberedTemplates, KeysOfALargeMapAreMadeOnce) {
  bench.bind("map", "{for i in range(100) : format(\"k%03d\", i) => i}");
  const Value turns = bench.evaluate("[for i in range(2) : keys(map)]");
  ASSERT_EQ(turns.elements().size(), 2U);
  EXPECT_EQ(turns.elements()[0].elements().size(), 100U);
  EXPECT_EQ(&turns.elements()[0].node(), &turns.elements()[1].node());
}

}  // namespace
}  // namespace gabion::eval
