#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/syntax/hcl_support.h"

namespace gabion::syntax::hcl {
namespace {

using test::file_tree;
using test::Parsed;

struct Case {
  std::string_view source;
  std::string_view tree;  ///< or the code of the first problem
};

class HclStructure : public testing::TestWithParam<Case> {};

TEST_P(HclStructure, Tree) {
  EXPECT_EQ(file_tree(GetParam().source), GetParam().tree) << GetParam().source;
}

using namespace std::string_view_literals;

constexpr Case kBodies[] = {
    {"", ""},
    {"\n\n", ""},
    {"# only a comment", ""},
    {"// only a comment\n", ""},
    {"/* only\n a comment */", ""},
    {"a = 1", "(attribute a (number 1))"},
    {"a = 1\n", "(attribute a (number 1))"},
    {"\xEF\xBB\xBF"
     "a = 1\n",
     "(attribute a (number 1))"},
    {"a\t=\t1\r\nb=2\r\n", "(attribute a (number 1)) (attribute b (number 2))"},
    {"a = 1 # c\nb = 2 // c\nc = /* c */ 3",
     "(attribute a (number 1)) (attribute b (number 2)) (attribute c (number 3))"},
    {"a = 1 /* two\nlines */ + 2\n", "(attribute a (binary + (number 1) (number 2)))"},
    {"for = in\n", "(attribute for (traversal in))"},
    {"null = null\n", "(attribute null (null))"},
    {"a-b_c-1 = 1\n", "(attribute a-b_c-1 (number 1))"},
    {"_a = 1\n", "(attribute _a (number 1))"},
    {"\xC3\xA9t\xC3\xA9 = \xE6\x97\xA5\xE6\x9C\xAC\n",
     "(attribute \xC3\xA9t\xC3\xA9 (traversal \xE6\x97\xA5\xE6\x9C\xAC))"},
    {"a\xC2\xB7"
     "b = 1\n",
     "(attribute a\xC2\xB7"
     "b (number 1))"},
    {"# \xFF invalid bytes in a comment\na = 1\n", "(attribute a (number 1))"},
    {"a {}\n", "(block a)"},
    {"a {}", "(block a)"},
    {"a{}", "(block a)"},
    {"a { b = 1 }\n", "(block a (attribute b (number 1)))"},
    {"a { b = { c = 1 } }\n", "(block a (attribute b (object (item c (number 1)))))"},
    {"a { /* c */ b = 1 /* c */ }\n", "(block a (attribute b (number 1)))"},
    {"a { # c\n}\n", "(block a)"},
    {"a b \"c d\" {\n  e = 1\n}\n", "(block a b \"c d\" (attribute e (number 1)))"},
    {"a \"b\\n\\\"\\u00e9\" {}\n", "(block a \"b\\n\\\"\xC3\xA9\")"},
    {"a \"$${b}\" {}\n", "(block a \"${b}\")"},
    {"a \"\" {}\n", "(block a \"\")"},
    {"a {\n  b {\n    c {}\n  }\n  d = 1\n}\n", "(block a (block b (block c)) (attribute d (number 1)))"},
    {"a {\n\n  b = 1\n\n  c {\n  }\n\n}\n\n", "(block a (attribute b (number 1)) (block c))"},
    {"b {}\na = 1\nb {}\n", "(block b) (attribute a (number 1)) (block b)"},
    // What is not a body.
    {"a", "hcl-expected-item"},
    {"a b", "hcl-invalid-block-header"},
    {"a \"b\"\n{\n}\n", "hcl-invalid-block-header"},
    {"a 1 {}\n", "hcl-expected-item"},
    {"a b 1 {}\n", "hcl-invalid-block-header"},
    {"a b = 1\n", "hcl-invalid-block-header"},
    {"a.b = 1\n", "hcl-expected-item"},
    {"a == 1\n", "hcl-expected-item"},
    {"a => 1\n", "hcl-expected-item"},
    {"\"a\" = 1\n", "hcl-quoted-name"},
    {"1 = 1\n", "hcl-expected-item"},
    {"= 1\n", "hcl-expected-item"},
    {"a = \n", "hcl-expected-expression"},
    {"a =", "hcl-expected-expression"},
    {"a = 1 b = 2\n", "hcl-missing-newline"},
    {"a = 1, b = 2\n", "hcl-missing-newline"},
    {"a = 1 }\n", "hcl-missing-newline"},
    {"a {} b {}\n", "hcl-missing-newline"},
    {"a {\n b = 1 }\n", "hcl-missing-newline"},
    {"a {\n b {} }\n", "hcl-missing-newline"},
    {"a { b = 1\n}\n", "hcl-one-line-block"},
    {"a { b = 1, c = 2 }\n", "hcl-one-line-block"},
    {"a { b {} }\n", "hcl-one-line-block"},
    {"a { b = 1", "hcl-unclosed-block"},
    {"a {", "hcl-unclosed-block"},
    {"a {\n  b {\n  }\n", "hcl-unclosed-block"},
    {"}\n", "hcl-unmatched-brace"},
    {"a {\n}\n}\n", "hcl-unmatched-brace"},
    {"a \"${b}\" {}\n", "hcl-template-in-label"},
    {"a \"%{b}\" {}\n", "hcl-template-in-label"},
    {"a \"b {}\n", "hcl-unclosed-string"},
    {"a = 1\na = 2\n", "hcl-duplicate-attribute"},
    {"a {\n  b = 1\n  b = 1\n}\n", "hcl-duplicate-attribute"},
    {"a = 1\r", "hcl-invalid-character"},
    {"a = 1\rb = 2", "hcl-invalid-character"},
    {"a = '1'\n", "hcl-invalid-character"},
    {"a = `1`\n", "hcl-invalid-character"},
    {"a = 1;\n", "hcl-invalid-character"},
    {"a = \0\n"sv, "hcl-invalid-character"},
    {"\0"sv, "hcl-invalid-character"},
    {"a = \xE2\x80\x9Cx\xE2\x80\x9D\n", "hcl-invalid-character"},
    {"a = 1\n\xEF\xBB\xBF"
     "b = 2\n",
     "hcl-invalid-character"},
    {"a = \xFF\n", "hcl-invalid-utf8"},
    {"\xC3", "hcl-invalid-utf8"},
    {"a = ${b}\n", "hcl-invalid-character"},
    {"a = 1 /* never closed", "hcl-unclosed-comment"},
    {"/*/", "hcl-unclosed-comment"},
    {"a = b & c\n", "hcl-unsupported-operator"},
    {"a = b | c\n", "hcl-unsupported-operator"},
    {"a = ~b\n", "hcl-unsupported-operator"},
    {"a = b ^ c\n", "hcl-unsupported-operator"},
};
INSTANTIATE_TEST_SUITE_P(Bodies, HclStructure, testing::ValuesIn(kBodies));

TEST(HclBody, KeepsWhatCameBeforeTheFirstError) {
  Parsed parsed("a = 1\nb {\n  c = 2\n}\nd {\n  e = 3\n  f = ]\n}\ng = 4\n");
  const Body& body = parsed.file();
  EXPECT_EQ(parsed.code(), "hcl-expected-expression");
  EXPECT_FALSE(body.complete);
  EXPECT_EQ(test::one_line(print_tree(body)), "(attribute a (number 1)) (block b (attribute c (number 2)))");
}

TEST(HclBody, KeepsTheFirstOfRepeatedAttributesAndReportsTheOthersInOrder) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "x" + std::to_string(i) + " = 1\n";
  }
  Parsed parsed(text + "x30 = 2\nx2 = 3\nx30 = 4\n");
  const Body& body = parsed.file();
  EXPECT_EQ(body.attributes.size(), 40U);
  EXPECT_FALSE(body.complete);
  std::vector<std::string> names;
  for (const auto& diagnostic : parsed.diagnostics) {
    EXPECT_EQ(diagnostic.code, "hcl-duplicate-attribute");
    names.emplace_back(parsed.at(diagnostic.region));
  }
  EXPECT_THAT(names, testing::ElementsAre("x30", "x2", "x30"));
  EXPECT_EQ(parsed.at(body.attribute("x30")->expression->region), "1");
}

TEST(HclBody, RegionsAreExact) {
  Parsed parsed("\xEF\xBB\xBF# c\nfoo \"bar\" baz { # c\n  a = f( 1 ) # c\n} # c\nb = [ 1,\n 2 ]\n");
  const Body& body = parsed.file();
  ASSERT_EQ(parsed.code(), "ok");
  EXPECT_EQ(body.region, parsed.artifact.whole());
  ASSERT_EQ(body.blocks.size(), 1U);
  const Block& block = body.blocks[0];
  EXPECT_EQ(parsed.at(block.header), "foo \"bar\" baz");
  EXPECT_EQ(parsed.at(block.labels[0].region), "\"bar\"");
  EXPECT_TRUE(block.labels[0].quoted);
  EXPECT_EQ(parsed.at(block.labels[1].region), "baz");
  EXPECT_FALSE(block.labels[1].quoted);
  EXPECT_EQ(parsed.at(block.open_brace()), "{");
  EXPECT_EQ(parsed.at(block.close_brace()), "}");
  EXPECT_EQ(parsed.at(block.region), "foo \"bar\" baz { # c\n  a = f( 1 ) # c\n}");
  EXPECT_EQ(parsed.at(block.body->region), " # c\n  a = f( 1 ) # c\n");
  EXPECT_EQ(parsed.at(block.body->attributes[0].region), "a = f( 1 )");
  EXPECT_EQ(parsed.at(body.attributes[0].region), "b = [ 1,\n 2 ]");
  EXPECT_EQ(parsed.at(body.attributes[0].name_region()), "b");
}

TEST(HclBody, ABlockWithoutLabelsHasItsTypeAsHeader) {
  Parsed parsed("foo {}");
  EXPECT_EQ(parsed.at(parsed.file().blocks[0].header), "foo");
}

TEST(HclBody, ParsesPartOfAFileAsABody) {
  Parsed parsed("x {\n  a = <<EOT\n  text\n  EOT\n}\ny {\n");
  const std::string_view bytes = parsed.artifact.bytes();
  const auto begin = static_cast<std::uint32_t>(bytes.find('a'));
  const auto end = static_cast<std::uint32_t>(bytes.find("EOT\n}") + 3);
  const ParsedBody attribute =
      parse_body(parsed.artifact, {parsed.artifact.id(), begin, end}, parsed.arena, parsed.limits);
  ASSERT_TRUE(attribute.ok()) << attribute.diagnostics[0].message;
  EXPECT_EQ(test::one_line(print_tree(*attribute.body)), "(attribute a (heredoc EOT \"  text\\n\"))");
  EXPECT_EQ(attribute.body->region, (source::Region{parsed.artifact.id(), begin, end}));
  const ParsedBody block = parse_body(parsed.artifact, {parsed.artifact.id(), 0, end + 2}, parsed.arena, parsed.limits);
  ASSERT_TRUE(block.ok());
  EXPECT_EQ(block.body->blocks.size(), 1U);
}

}  // namespace
}  // namespace gabion::syntax::hcl
