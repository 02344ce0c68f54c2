// What the parser says about broken files, and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "unit/syntax/hcl_support.h"

namespace gabion::syntax::hcl {
namespace {

using test::Parsed;

struct Case {
  std::string_view source;
  std::string_view code;
  std::string_view at;  ///< the text of the region
  std::string_view message;
};

class HclProblem : public testing::TestWithParam<Case> {};

TEST_P(HclProblem, IsNamedPlacedAndWorded) {
  Parsed parsed(GetParam().source);
  static_cast<void>(parsed.file());
  ASSERT_EQ(parsed.diagnostics.size(), 1U);
  const findings::Diagnostic& problem = parsed.diagnostics.front();
  EXPECT_EQ(problem.severity, findings::DiagnosticSeverity::kError);
  EXPECT_EQ(problem.code, GetParam().code);
  EXPECT_EQ(parsed.at(problem.region), GetParam().at);
  EXPECT_EQ(problem.message, GetParam().message);
}

TEST_P(HclProblem, IsWordedLikeAllMessages) {
  Parsed parsed(GetParam().source);
  static_cast<void>(parsed.file());
  for (const findings::Diagnostic& problem : parsed.diagnostics) {
    EXPECT_FALSE(std::isupper(static_cast<unsigned char>(problem.message.front())) != 0) << problem.message;
    EXPECT_NE(problem.message.back(), '.') << problem.message;
    EXPECT_THAT(problem.hint, testing::Not(testing::EndsWith("."))) << problem.hint;
  }
}

constexpr Case kProblems[] = {
    {"a = [1 2]\n", "hcl-unclosed-bracket", "2", "saw the number \"2\", expected \",\" or \"]\" after an element"},
    {"a = [1\n", "hcl-unclosed-bracket", "[", "this list is not closed before the end of the file"},
    {"a = {\n  b = 1\n", "hcl-unclosed-brace", "{", "this object is not closed before the end of the file"},
    {"a = {\n  b c\n}\n", "hcl-missing-value", "c", "saw the name \"c\", expected \"=\" and the value of this key"},
    {"a = f(1\nb = 2\n", "hcl-unclosed-parenthesis", "b",
     "saw the name \"b\", expected \",\" or \")\" after an argument"},
    {"a = (1\n", "hcl-unclosed-parenthesis", "(", "this parenthesis is not closed before the end of the file"},
    {"r \"x\" {\n  a = 1\n", "hcl-unclosed-block", "{", "this block is not closed before the end of the file"},
    {"a = 1 b\n", "hcl-missing-newline", "b", "saw the name \"b\", expected a new line after the value of \"a\""},
    {"a {} }\n", "hcl-missing-newline", "}", "saw \"}\", expected a new line after the block"},
    {"a = \n", "hcl-expected-expression", "\n", "saw the end of the line, expected an expression"},
    {"a = )\n", "hcl-expected-expression", ")", "saw \")\", expected an expression"},
    {"a = ", "hcl-expected-expression", "", "saw the end of the file, expected an expression"},
    {"a\n", "hcl-expected-item", "\n", "saw the end of the line, expected \"=\" or \"{\" after the name \"a\""},
    {"a = \"b\n", "hcl-unclosed-string", "\"b", "this string is not closed before the end of the line"},
    {"a = \"b", "hcl-unclosed-string", "\"b", "this string is not closed before the end of the file"},
    {"a = \"b\\qc\"\n", "hcl-invalid-escape", "\\q", "saw the escape \"\\q\", which does not exist"},
    {"a = \"\\u12x\"\n", "hcl-invalid-escape", "\\u12", "saw \"\\u12\", expected four hexadecimal digits"},
    {"a = <<EOT\nb\n", "hcl-unclosed-heredoc", "<<EOT", "this heredoc is not closed before the end of the file"},
    {"a = \"${b\"\n", "hcl-unclosed-interpolation", "${",
     "this interpolation is not closed before the end of the template"},
    {"a = \"${b c}\"\n", "hcl-unclosed-interpolation", "c",
     "saw the name \"c\", expected \"}\" after the interpolation"},
    {"a = \"%{ if b }\"\n", "hcl-unbalanced-directive", "%{ if b }", "this \"if\" has no \"endif\""},
    {"a = \"%{ unless b }\"\n", "hcl-unknown-directive", "unless",
     "saw the name \"unless\", expected \"if\", \"else\", \"endif\", \"for\" or \"endfor\" after \"%{\""},
    {"a = 'b'\n", "hcl-invalid-character", "'", "saw a single quote"},
    {"a = \xE2\x80\x9C"
     "b\xE2\x80\x9D\n",
     "hcl-invalid-character", "\xE2\x80\x9C", "saw a typographic quote, U+201C"},
    {"a = 1\n\xF0\x9F\x98\x80\n", "hcl-invalid-character", "\xF0\x9F\x98\x80",
     "saw the character U+1F600, which means nothing here"},
    {"a = \"\xFE\"\n", "hcl-invalid-utf8", "\xFE", "saw a byte that is not valid UTF-8"},
    {"a = b & c\n", "hcl-unsupported-operator", "&", "saw \"&\", which is no operator"},
    {"a = b.0.1\n", "hcl-legacy-index", "0.1", "saw \"0.1\" after \".\", expected one index"},
    {"a = 1.2.3\n", "hcl-invalid-number", "1.2.3", "\"1.2.3\" is not a number"},
    {"a = 1\na = 2\n", "hcl-duplicate-attribute", "a", "\"a\" is set a second time in this body"},
    {"a = 1 /* b\n", "hcl-unclosed-comment", "/*", "this comment is not closed before the end of the file"},
    {"a = [for b of c : b]\n", "hcl-invalid-for", "of",
     "saw the name \"of\", expected \"in\" after the variables of \"for\""},
    {"a \"${b}\" {}\n", "hcl-template-in-label", "${", "saw a template sequence in a label, expected plain text"},
    {"a {\n}\n}\n", "hcl-unmatched-brace", "}", "saw \"}\" without a block that it could close"},
};
INSTANTIATE_TEST_SUITE_P(All, HclProblem, testing::ValuesIn(kProblems));

TEST(HclProblems, LongNamesAreCutInMessages) {
  Parsed parsed("a = 1 " + std::string(5000, 'x') + "\n");
  static_cast<void>(parsed.file());
  EXPECT_LT(parsed.diagnostics.front().message.size(), 200U);
}

}  // namespace
}  // namespace gabion::syntax::hcl
