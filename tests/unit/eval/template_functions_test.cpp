// templatefile and templatestring.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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
  EXPECT_EQ(to_string(*value.node().type), "string");
}

}  // namespace
}  // namespace gabion::eval
