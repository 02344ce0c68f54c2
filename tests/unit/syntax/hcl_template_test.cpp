#include <gtest/gtest.h>

#include "unit/syntax/hcl_support.h"

namespace gabion::syntax::hcl {
namespace {

using namespace std::string_view_literals;
using test::expression_tree;
using test::file_tree;
using test::Parsed;
using test::template_tree;

struct Case {
  std::string_view source;
  std::string_view tree;  ///< or the code of the first problem
};

class HclQuoted : public testing::TestWithParam<Case> {};
TEST_P(HclQuoted, Tree) {
  EXPECT_EQ(expression_tree(GetParam().source), GetParam().tree) << GetParam().source;
}

constexpr Case kQuoted[] = {
    {R"("")", R"((string ""))"},
    {R"("a b")", R"((string "a b"))"},
    {R"("a\nb\r\t\"\\c")", R"((string "a\nb\x0d\x09\"\\c"))"},
    {R"("\u00e9\u00E9\U0001F600")", "(string \"\u00e9\u00e9\U0001F600\")"},
    {R"("\u0041b")", R"((string "Ab"))"},
    {"\"\u65e5\u672c \U0001F600\"", "(string \"\u65e5\u672c \U0001F600\")"},
    {"\"\0\""sv, R"((string "\x00"))"},
    {R"("# // /* no comments */")", R"((string "# // /* no comments */"))"},
    {R"("$")", R"((string "$"))"},
    {R"("$$")", R"((string "$$"))"},
    {R"("%")", R"((string "%"))"},
    {R"("100% $5 {a}")", R"((string "100% $5 {a}"))"},
    {R"("$${a}")", R"((string "${a}"))"},
    {R"("%%{a}")", R"((string "%{a}"))"},
    {R"("$${~a")", R"((string "${~a"))"},
    {R"("$$${a}")", R"((string "$${a}"))"},
    {R"("$%{a")", "hcl-unknown-directive"},
    {R"("${a}")", "(string (interpolation (traversal a)))"},
    {R"("${ a }b")", R"((string (interpolation (traversal a)) (literal "b")))"},
    {R"("a${b}c${d}")",
     R"((string (literal "a") (interpolation (traversal b)) (literal "c") (interpolation (traversal d))))"},
    {R"("a\n${b}\t")", R"((string (literal "a\n") (interpolation (traversal b)) (literal "\x09")))"},
    {R"("${a}$${b}${c}")", R"((string (interpolation (traversal a)) (literal "${b}") (interpolation (traversal c))))"},
    {R"("${"${"a"}"}")", R"((string (interpolation (string (interpolation (string "a"))))))"},
    {R"("${f("x")}")", R"((string (interpolation (call f (string "x")))))"},
    {R"("${{a=1}.a}")", R"((string (interpolation (relative .a (object (item a (number 1)))))))"},
    {R"("${ {a = "}"} }")", R"((string (interpolation (object (item a (string "}"))))))"},
    {"\"${\na\n+\nb # c\n}\"", "(string (interpolation (binary + (traversal a) (traversal b))))"},
    {"\"${<<A\nx\nA\n}\"", "(string (interpolation (heredoc A \"x\\n\")))"},
    // Strip markers.
    {R"("a ${~ b ~} c")", R"((string (literal "a") (interpolation (traversal b)) (literal "c")))"},
    {R"("a \n\t ${~b} c")", R"((string (literal "a") (interpolation (traversal b)) (literal " c")))"},
    {R"(" ${~b~} ")", R"((string (literal "") (interpolation (traversal b)) (literal "")))"},
    {R"("${~b~}")", "(string (interpolation (traversal b)))"},
    {R"("${a~} ${~b}")", R"((string (interpolation (traversal a)) (literal "") (interpolation (traversal b))))"},
    {R"("${a~}${b} c")", R"((string (interpolation (traversal a)) (interpolation (traversal b)) (literal " c")))"},
    {"\"a\u00a0\u2003${~b}\"", "(string (literal \"a\") (interpolation (traversal b)))"},
    // Directives.
    {R"("%{if a}b%{endif}")", R"((string (if (traversal a) (then (literal "b")))))"},
    {R"("%{ if a }b%{ else }c%{ endif }d")",
     R"((string (if (traversal a) (then (literal "b")) (else (literal "c"))) (literal "d")))"},
    {R"("%{if a}%{else}%{endif}")", "(string (if (traversal a) (then) (else)))"},
    {R"("%{if a}%{if b}c%{endif}%{endif}")",
     R"((string (if (traversal a) (then (if (traversal b) (then (literal "c")))))))"},
    {R"("%{for v in l}${v},%{endfor}")",
     R"((string (for v (traversal l) (do (interpolation (traversal v)) (literal ",")))))"},
    {R"("%{for k,v in l}%{if k}x%{endif}%{endfor}")",
     R"((string (for k v (traversal l) (do (if (traversal k) (then (literal "x")))))))"},
    {R"("a %{~ if b ~} c %{~ else ~} d %{~ endif ~} e")",
     R"((string (literal "a") (if (traversal b) (then (literal "c")) (else (literal "d"))) (literal "e")))"},
    {"\"%{\nif\na\n}b%{\nendif\n}\"", R"((string (if (traversal a) (then (literal "b")))))"},
    // What is no string.
    {R"(")", "hcl-unclosed-string"},
    {R"("a)", "hcl-unclosed-string"},
    {R"("a\")", "hcl-unclosed-string"},
    {R"("a\)", "hcl-unclosed-string"},
    {"\"a\nb\"", "hcl-unclosed-string"},
    {"\"a\rb\"", "hcl-unclosed-string"},
    {"\"a\\\nb\"", "hcl-unclosed-string"},
    {R"("\x")", "hcl-invalid-escape"},
    {R"("\a")", "hcl-invalid-escape"},
    {R"("\$")", "hcl-invalid-escape"},
    {R"("\${a}")", "hcl-invalid-escape"},
    {"\"\\\u00e9\"", "hcl-invalid-escape"},
    {R"("\u12")", "hcl-invalid-escape"},
    {R"("\u12g4")", "hcl-invalid-escape"},
    {R"("\U0001F60")", "hcl-invalid-escape"},
    {R"("\ud800")", "hcl-invalid-escape"},
    {R"("\U00110000")", "hcl-invalid-escape"},
    {"\"\xFF\"", "hcl-invalid-utf8"},
    {"\"\xC0\x80\"", "hcl-invalid-utf8"},
    {"\"\xED\xA0\x80\"", "hcl-invalid-utf8"},
    {"\"\xF4\x90\x80\x80\"", "hcl-invalid-utf8"},
    {"\"a\xC3\"", "hcl-invalid-utf8"},
    {R"("${a")", "hcl-unclosed-interpolation"},
    {R"("${a)", "hcl-unclosed-interpolation"},
    {R"("${}")", "hcl-expected-expression"},
    {R"("${a b}")", "hcl-unclosed-interpolation"},
    {R"("${a:b}")", "hcl-unclosed-interpolation"},
    {R"("${a ~ }")", "hcl-unsupported-operator"},
    {R"("%{}")", "hcl-unknown-directive"},
    {R"("%{foo}")", "hcl-unknown-directive"},
    {R"("%{elseif a}")", "hcl-unknown-directive"},
    {R"("%{if}")", "hcl-expected-expression"},
    {R"("%{if a}")", "hcl-unbalanced-directive"},
    {R"("%{else}")", "hcl-unbalanced-directive"},
    {R"("%{endif}")", "hcl-unbalanced-directive"},
    {R"("%{endfor}")", "hcl-unbalanced-directive"},
    {R"("%{if a}%{else}%{else}%{endif}")", "hcl-unbalanced-directive"},
    {R"("%{if a}%{endfor}")", "hcl-unbalanced-directive"},
    {R"("%{for v in l}%{endif}")", "hcl-unbalanced-directive"},
    {R"("%{for v in l}%{else}%{endfor}")", "hcl-unbalanced-directive"},
    {R"("%{for v in l}")", "hcl-unbalanced-directive"},
    {R"("%{for in l}%{endfor}")", "hcl-invalid-for"},
    {R"("%{for v l}%{endfor}")", "hcl-invalid-for"},
    {R"("%{else if a}")", "hcl-unclosed-directive"},
    {R"("%{if a)", "hcl-unclosed-directive"},
};
INSTANTIATE_TEST_SUITE_P(Quoted, HclQuoted, testing::ValuesIn(kQuoted));

class HclHeredoc : public testing::TestWithParam<Case> {};
TEST_P(HclHeredoc, Tree) {
  EXPECT_EQ(file_tree(GetParam().source), GetParam().tree) << GetParam().source;
}

constexpr Case kHeredocs[] = {
    {"a = <<EOT\nEOT\n", R"((attribute a (heredoc EOT "")))"},
    {"a = <<EOT\nx\nEOT\n", R"((attribute a (heredoc EOT "x\n")))"},
    {"a = <<EOT\n  x\n  EOT\n", R"((attribute a (heredoc EOT "  x\n")))"},
    {"a = <<EOT\n\n x \n\nEOT\nb = 1\n", R"((attribute a (heredoc EOT "\n x \n\n")) (attribute b (number 1)))"},
    {"a = <<EOT\r\nx\r\nEOT\r\nb = 1", R"((attribute a (heredoc EOT "x\x0d\n")) (attribute b (number 1)))"},
    {"a = <<EOT\nEOTX\n EOT x\nXEOT\nEOT\n", R"((attribute a (heredoc EOT "EOTX\n EOT x\nXEOT\n")))"},
    {"a = <<EOT\nx\n\t EOT \t\n", R"((attribute a (heredoc EOT "x\n")))"},
    {"a = <<EOT\nx\n\u00a0EOT\u2003\n", R"((attribute a (heredoc EOT "x\n")))"},
    {"a = <<E-O_T1\nx\nE-O_T1\n", R"((attribute a (heredoc E-O_T1 "x\n")))"},
    {"a = <<\u00e9\nx\n\u00e9\n", "(attribute a (heredoc \u00e9 \"x\\n\"))"},
    {"a = <<EOT\n\"q\" \\n \\\" # // /* */ 'x'\nEOT\n",
     R"((attribute a (heredoc EOT "\"q\" \\n \\\" # // /* */ 'x'\n")))"},
    {"a = <<EOT\n$${x} %%{y} $ % $$ %%\nEOT\n", R"((attribute a (heredoc EOT "${x} %{y} $ % $$ %%\n")))"},
    {"a = <<EOT\n${b}\nEOT\n", R"((attribute a (heredoc EOT (interpolation (traversal b)) (literal "\n"))))"},
    {"a = <<EOT\nx ${b} y\nz\nEOT\n",
     R"((attribute a (heredoc EOT (literal "x ") (interpolation (traversal b)) (literal " y\nz\n"))))"},
    {"a = <<EOT\n${b}EOT\nEOT\n", R"((attribute a (heredoc EOT (interpolation (traversal b)) (literal "EOT\n"))))"},
    {"a = <<EOT\n${\"EOT\n\"}\nEOT\n", "hcl-unclosed-string"},
    {"a = <<EOT\n${<<EOT\nx\nEOT\n}\nEOT\n",
     R"((attribute a (heredoc EOT (interpolation (heredoc EOT "x\n")) (literal "\n"))))"},
    {"a = <<EOT\n%{ if b }\nx\n%{ endif }\nEOT\n",
     R"((attribute a (heredoc EOT (if (traversal b) (then (literal "\nx\n"))) (literal "\n"))))"},
    {"a = [<<EOT\nx\nEOT\n]\n", R"((attribute a (tuple (heredoc EOT "x\n"))))"},
    {"a = f(<<EOT\nx\nEOT\n)\n", R"((attribute a (call f (heredoc EOT "x\n"))))"},
    {"a = <<EOT\nx\nEOT\n.b\n", "hcl-expected-item"},
    {"a = b < <<EOT\n1\nEOT\n", R"((attribute a (binary < (traversal b) (heredoc EOT "1\n"))))"},
    // Strip markers reach to the line's end or the line before, as HashiCorp's parser has it.
    {"a = <<EOT\nx \n  ${~ b ~}  \n  y\nEOT\n",
     R"((attribute a (heredoc EOT (literal "x \n") (interpolation (traversal b)) (literal "  y\n"))))"},
    {"a = <<EOT\nx \n\n${~ b}\nEOT\n",
     R"((attribute a (heredoc EOT (literal "x \n") (interpolation (traversal b)) (literal "\n"))))"},
    {"a = <<EOT\n${b ~}\nEOT\n", R"((attribute a (heredoc EOT (interpolation (traversal b)) (literal ""))))"},
    {"a = <<EOT\n$ \n${~ b}\nEOT\n",
     R"((attribute a (heredoc EOT (literal "$ ") (interpolation (traversal b)) (literal "\n"))))"},
    {"a = <<EOT\n$ \r\n${~ b}\nEOT\n",
     R"((attribute a (heredoc EOT (literal "$ ") (interpolation (traversal b)) (literal "\n"))))"},
    {"a = <<EOT\n$x \n${~ b}\nEOT\n",
     R"((attribute a (heredoc EOT (literal "$x") (interpolation (traversal b)) (literal "\n"))))"},
    // Indentation.
    {"a = <<-EOT\n    x\n      y\n    EOT\n", R"((attribute a (heredoc-indented EOT "x\n  y\n")))"},
    {"a = <<-EOT\n    x\n  y\nEOT\n", R"((attribute a (heredoc-indented EOT "  x\ny\n")))"},
    {"a = <<-EOT\nx\n  y\n  EOT\n", R"((attribute a (heredoc-indented EOT "x\n  y\n")))"},
    {"a = <<-EOT\n    x\n\n  \n      y\n  EOT\n", R"((attribute a (heredoc-indented EOT "x\n\n  \n  y\n")))"},
    {"a = <<-EOT\n\n  \n  EOT\n", R"((attribute a (heredoc-indented EOT "\n  \n")))"},
    {"a = <<-EOT\n\t\tx\n  y\nEOT\n", R"((attribute a (heredoc-indented EOT "x\ny\n")))"},
    {"a = <<-EOT\n\u2003\u2003x\n  y\nEOT\n", R"((attribute a (heredoc-indented EOT "x\ny\n")))"},
    {"a = <<-EOT\r\n    x\r\n\r\n      y\r\n    EOT\r\n",
     R"((attribute a (heredoc-indented EOT "x\x0d\n\x0d\n  y\x0d\n")))"},
    {"a = <<-EOT\n    x ${b}\n      ${c} y\n    EOT\n",
     R"((attribute a (heredoc-indented EOT (literal "x ") (interpolation (traversal b)) (literal "\n  ") (interpolation (traversal c)) (literal " y\n"))))"},
    {"a = <<-EOT\n    x\n${b}\n    y\nEOT\n",
     R"((attribute a (heredoc-indented EOT (literal "    x\n") (interpolation (traversal b)) (literal "\n    y\n"))))"},
    {"a = <<-EOT\n    x\n  ${~ b}\nEOT\n",
     R"((attribute a (heredoc-indented EOT (literal "    x\n") (interpolation (traversal b)) (literal "\n"))))"},
    {"a = <<-EOT\n    %{ if b }\n      x\n    %{ endif }\n    EOT\n",
     R"((attribute a (heredoc-indented EOT (literal "") (if (traversal b) (then (literal "\n  x\n"))) (literal "\n"))))"},
    {"a = <<-EOT\n  $${x}\n    y\n  EOT\n", R"((attribute a (heredoc-indented EOT "${x}\n  y\n")))"},
    // What is no heredoc.
    {"a = <<EOT\nx\n", "hcl-unclosed-heredoc"},
    {"a = <<EOT\nx\nEOT", "hcl-unclosed-heredoc"},
    {"a = <<EOT\n", "hcl-unclosed-heredoc"},
    {"a = <<EOT", "hcl-invalid-heredoc"},
    {"a = <<EOT \nx\nEOT\n", "hcl-invalid-heredoc"},
    {"a = << EOT\nx\nEOT\n", "hcl-invalid-heredoc"},
    {"a = <<\"EOT\"\nx\nEOT\n", "hcl-invalid-heredoc"},
    {"a = <<1\nx\n1\n", "hcl-invalid-heredoc"},
    {"a = <<EOT\nx\ry\nEOT\n", "hcl-invalid-character"},
    {"a = <<EOT\n\xFF\nEOT\n", "hcl-invalid-utf8"},
    {"a = <<EOT\n${b\nEOT\n", "hcl-unclosed-interpolation"},
    {"a = <<EOT\n%{ if b }\nEOT\n", "hcl-unbalanced-directive"},
};
INSTANTIATE_TEST_SUITE_P(Heredocs, HclHeredoc, testing::ValuesIn(kHeredocs));

class HclBareTemplate : public testing::TestWithParam<Case> {};
TEST_P(HclBareTemplate, Tree) {
  EXPECT_EQ(template_tree(GetParam().source), GetParam().tree) << GetParam().source;
}

constexpr Case kBare[] = {
    {"", R"((template ""))"},
    {"a \"b\" \\n c", R"((template "a \"b\" \\n c"))"},
    {"a\nb\n", R"((template "a\nb\n"))"},
    {"${a}", "(template (interpolation (traversal a)))"},
    {"${a}\n", R"((template (interpolation (traversal a)) (literal "\n")))"},
    {"$", R"((template "$"))"},
    {"a %", R"((template "a %"))"},
    {"$${a} %%{b}", R"((template "${a} %{b}"))"},
    {"%{ for v in l ~}\n- ${v}\n%{ endfor ~}\nend\n",
     R"((template (for v (traversal l) (do (literal "- ") (interpolation (traversal v)) (literal "\n"))) (literal "end\n")))"},
    {"a\rb ${c}", R"((template "a\x0d)"
                  R"(b ${c}"))"},
    {"${a", "hcl-unclosed-interpolation"},
    {"%{ if a }", "hcl-unbalanced-directive"},
    {"%{ endif }", "hcl-unbalanced-directive"},
    {"\xFF", "hcl-invalid-utf8"},
};
INSTANTIATE_TEST_SUITE_P(Bare, HclBareTemplate, testing::ValuesIn(kBare));

TEST(HclTemplate, LiteralsWithoutEscapesAreViewsOfTheArtifact) {
  const auto in_artifact = [](const Parsed& parsed, std::string_view text) {
    const std::string_view bytes = parsed.artifact.bytes();
    return text.data() >= bytes.data() && text.data() + text.size() <= bytes.data() + bytes.size();
  };
  for (const std::string_view source : {"a = \"plain $5 100% text\"\n", "a = <<EOT\nmany\n  lines\n\n$5\nEOT\n",
                                        "a = <<-EOT\n    one line\n    EOT\n"}) {
    Parsed parsed(source);
    const auto& value = as<TemplateExpression>(*parsed.file().attributes[0].expression);
    ASSERT_EQ(parsed.code(), "ok");
    ASSERT_TRUE(value.is_literal());
    EXPECT_TRUE(in_artifact(parsed, value.literal())) << source;
  }
}

TEST(HclTemplate, RegionsAreExact) {
  Parsed parsed("a = \"x${~ b }y\"\nc = <<-EOT\n  d %{ if e }f%{ endif ~}\n  EOT \nlast = 1\n");
  const Body& body = parsed.file();
  ASSERT_EQ(parsed.code(), "ok");
  const auto& quoted = as<TemplateExpression>(*body.attributes[0].expression);
  EXPECT_EQ(parsed.at(quoted.region), "\"x${~ b }y\"");
  EXPECT_EQ(parsed.at(quoted.content()), "x${~ b }y");
  EXPECT_EQ(parsed.at(quoted.parts()[0].region), "x");
  EXPECT_EQ(parsed.at(quoted.parts()[1].region), "${~ b }");
  EXPECT_EQ(parsed.at(quoted.parts()[1].expression()->region), "b");
  EXPECT_EQ(parsed.at(quoted.parts()[2].region), "y");
  const auto& heredoc = as<TemplateExpression>(*body.attributes[1].expression);
  EXPECT_EQ(heredoc.form, TemplateKind::kHeredocIndented);
  EXPECT_EQ(heredoc.delimiter(), "EOT");
  EXPECT_EQ(parsed.at(heredoc.region), "<<-EOT\n  d %{ if e }f%{ endif ~}\n  EOT");
  EXPECT_EQ(parsed.at(heredoc.content()), "  d %{ if e }f%{ endif ~}\n");
  EXPECT_EQ(parsed.at(heredoc.parts()[0].region), "  d ");
  EXPECT_EQ(heredoc.parts()[0].text(), "d ");
  EXPECT_EQ(parsed.at(heredoc.parts()[1].region), "%{ if e }f%{ endif ~}");
  EXPECT_EQ(parsed.at(heredoc.parts()[1].body()[0].region), "f");
  EXPECT_EQ(parsed.at(heredoc.parts()[2].region), "\n");
  EXPECT_EQ(heredoc.parts()[2].text(), "");
}

TEST(HclTemplate, OnlyASingleInterpolationIsNotAText) {
  // The evaluator keeps the type of a template with this one part; a trimmed literal beside it must not get lost.
  Parsed wrap("\"${a}\"");
  EXPECT_EQ(as<TemplateExpression>(wrap.expression()).parts().size(), 1U);
  Parsed trimmed("\"${a ~} \"");
  EXPECT_EQ(as<TemplateExpression>(trimmed.expression()).parts().size(), 2U);
}

}  // namespace
}  // namespace gabion::syntax::hcl
