#include <gtest/gtest.h>

#include "unit/syntax/hcl_support.h"

namespace gabion::syntax::hcl {
namespace {

using test::expression_tree;
using test::Parsed;

struct Case {
  std::string_view source;
  std::string_view tree;  ///< or the code of the first problem
};

class HclExpression : public testing::TestWithParam<Case> {};

TEST_P(HclExpression, Tree) {
  EXPECT_EQ(expression_tree(GetParam().source), GetParam().tree) << GetParam().source;
}

constexpr Case kLiterals[] = {
    {"null", "(null)"},
    {" true ", "(true)"},
    {"\n\nfalse\n", "(false)"},
    {"nullx", "(traversal nullx)"},
    {"0", "(number 0)"},
    {"00012", "(number 00012)"},
    {"1.5", "(number 1.5)"},
    {"1e5", "(number 1e5)"},
    {"1E+5", "(number 1E+5)"},
    {"1.5e-3", "(number 1.5e-3)"},
    {"1.e5", "(number 1.e5)"},
    {"1e", "hcl-extra-characters"},
    {"1.", "hcl-expected-attribute-name"},
    {"1..5", "hcl-invalid-number"},
    {"1.2.3", "hcl-invalid-number"},
    {"1e5e5", "hcl-invalid-number"},
    {"1e99999999999", "hcl-invalid-number"},
    {"1e2147483648", "hcl-invalid-number"},
    {"0x10", "hcl-extra-characters"},
    {".5", "hcl-expected-expression"},
    {"1_000", "hcl-extra-characters"},
    {"", "hcl-expected-expression"},
    {"# nothing", "hcl-expected-expression"},
    {"a b", "hcl-extra-characters"},
    {"a, b", "hcl-extra-characters"},
    {"a = b", "hcl-extra-characters"},
};
INSTANTIATE_TEST_SUITE_P(Literals, HclExpression, testing::ValuesIn(kLiterals));

constexpr Case kOperators[] = {
    {"a+b*c", "(binary + (traversal a) (binary * (traversal b) (traversal c)))"},
    {"a*b+c", "(binary + (binary * (traversal a) (traversal b)) (traversal c))"},
    {"a/b%c*d", "(binary * (binary % (binary / (traversal a) (traversal b)) (traversal c)) (traversal d))"},
    {"a - b", "(binary - (traversal a) (traversal b))"},
    {"a-b", "(traversal a-b)"},
    {"1-2", "(binary - (number 1) (number 2))"},
    {"a<b==c", "(binary == (binary < (traversal a) (traversal b)) (traversal c))"},
    {"a==b<c", "(binary == (traversal a) (binary < (traversal b) (traversal c)))"},
    {"a<=b>=c>d", "(binary > (binary >= (binary <= (traversal a) (traversal b)) (traversal c)) (traversal d))"},
    {"a!=b==c", "(binary == (binary != (traversal a) (traversal b)) (traversal c))"},
    {"a||b&&c", "(binary || (traversal a) (binary && (traversal b) (traversal c)))"},
    {"a&&b||c", "(binary || (binary && (traversal a) (traversal b)) (traversal c))"},
    {"a||b||c", "(binary || (binary || (traversal a) (traversal b)) (traversal c))"},
    {"a+b<c&&d", "(binary && (binary < (binary + (traversal a) (traversal b)) (traversal c)) (traversal d))"},
    {"-a+b", "(binary + (unary - (traversal a)) (traversal b))"},
    {"!a&&b", "(binary && (unary ! (traversal a)) (traversal b))"},
    {"-a.b[0]", "(unary - (traversal a .b [0]))"},
    {"!!a", "(unary ! (unary ! (traversal a)))"},
    {"a - -1", "(binary - (traversal a) (unary - (number 1)))"},
    {"a\n+\nb", "(binary + (traversal a) (traversal b))"},
    {"a // c\n+ /* c */ b", "(binary + (traversal a) (traversal b))"},
    {"a/b", "(binary / (traversal a) (traversal b))"},
    {"a?b:c", "(conditional (traversal a) (traversal b) (traversal c))"},
    {"a?b:c?d:e", "(conditional (traversal a) (traversal b) (conditional (traversal c) (traversal d) (traversal e)))"},
    {"a?b?c:d:e", "(conditional (traversal a) (conditional (traversal b) (traversal c) (traversal d)) (traversal e))"},
    {"a||b?c:d+e",
     "(conditional (binary || (traversal a) (traversal b)) (traversal c) (binary + (traversal d) (traversal e)))"},
    {"(a?b:c).d", "(relative .d (parentheses (conditional (traversal a) (traversal b) (traversal c))))"},
    {"a +", "hcl-expected-expression"},
    {"+a", "hcl-expected-expression"},
    {"a ** b", "hcl-expected-expression"},
    {"a ! b", "hcl-extra-characters"},
    {"a << b", "hcl-extra-characters"},
    {"a & b", "hcl-unsupported-operator"},
    {"a ? b", "hcl-missing-colon"},
    {"a ? b :: c", "hcl-invalid-call"},
    {"a ? : c", "hcl-expected-expression"},
    {"!= a", "hcl-expected-expression"},
    {"-", "hcl-expected-expression"},
};
INSTANTIATE_TEST_SUITE_P(Operators, HclExpression, testing::ValuesIn(kOperators));

constexpr Case kSteps[] = {
    {"a", "(traversal a)"},
    {"a.b.c", "(traversal a .b .c)"},
    {"a . b", "(traversal a .b)"},
    {"a\n.b", "(traversal a .b)"},
    {"a.for", "(traversal a .for)"},
    {"a[0]", "(traversal a [0])"},
    {"a[ 0 ]", "(traversal a [0])"},
    {"a[1.5]", "(traversal a [1.5])"},
    {"a[\"b\"]", "(traversal a [\"b\"])"},
    {"a[\"b\\n\"]", "(traversal a [\"b\\n\"])"},
    {"a[<<X\nb\nX\n]", "(traversal a [\"b\\n\"])"},
    {"a[\"\"]", "(traversal a [\"\"])"},
    {"a.0", "(traversal a .0)"},
    {"a.0.b", "(traversal a .0 .b)"},
    {"a.0[1].b", "(traversal a .0 [1] .b)"},
    {"a[b]", "(index (traversal a) (traversal b))"},
    {"a[b].c", "(relative .c (index (traversal a) (traversal b)))"},
    {"a.b[c][0].d", "(relative [0] .d (index (traversal a .b) (traversal c)))"},
    {"a[b][c]", "(index (index (traversal a) (traversal b)) (traversal c))"},
    {"a[0 + 1]", "(index (traversal a) (binary + (number 0) (number 1)))"},
    {"a[-1]", "(index (traversal a) (unary - (number 1)))"},
    {"a[(\"b\")]", "(index (traversal a) (parentheses (string \"b\")))"},
    {"a[\"${b}\"]", "(index (traversal a) (string (interpolation (traversal b))))"},
    {"a[true]", "(index (traversal a) (true))"},
    {"a[null]", "(index (traversal a) (null))"},
    {"(a).b", "(relative .b (parentheses (traversal a)))"},
    {"f().b[0]", "(relative .b [0] (call f))"},
    {"[a][0]", "(relative [0] (tuple (traversal a)))"},
    {"{a=1}.a", "(relative .a (object (item a (number 1))))"},
    {"\"a\".b", "(relative .b (string \"a\"))"},
    {"true.b", "(relative .b (true))"},
    {"a.", "hcl-expected-attribute-name"},
    {"a..b", "hcl-expected-attribute-name"},
    {"a.\"b\"", "hcl-expected-attribute-name"},
    {"a.0.1", "hcl-legacy-index"},
    {"a.0.1.b", "hcl-legacy-index"},
    {"a.1e99999999999", "hcl-invalid-number"},
    {"a[", "hcl-expected-expression"},
    {"a[0", "hcl-unclosed-bracket"},
    {"a[]", "hcl-expected-expression"},
    {"a[0, 1]", "hcl-unclosed-bracket"},
};
INSTANTIATE_TEST_SUITE_P(Steps, HclExpression, testing::ValuesIn(kSteps));

constexpr Case kSplats[] = {
    {"a.*", "(splat .* (traversal a) (each))"},
    {"a[*]", "(splat [*] (traversal a) (each))"},
    {"a.*.b.c", "(splat .* (traversal a) (relative .b .c (each)))"},
    {"a.*.0.b", "(splat .* (traversal a) (relative .0 .b (each)))"},
    {"a.*.b[0]", "(relative [0] (splat .* (traversal a) (relative .b (each))))"},
    {"a.*[0].b", "(relative [0] .b (splat .* (traversal a) (each)))"},
    {"a[*].b[0].c", "(splat [*] (traversal a) (relative .b [0] .c (each)))"},
    {"a[*][b].c", "(splat [*] (traversal a) (relative .c (index (each) (traversal b))))"},
    {"a[*].b[*].c", "(splat [*] (traversal a) (splat [*] (relative .b (each)) (relative .c (each))))"},
    {"a[*].b.*.c", "(splat [*] (traversal a) (splat .* (relative .b (each)) (relative .c (each))))"},
    {"a.b.*.c[*].d", "(splat [*] (splat .* (traversal a .b) (relative .c (each))) (relative .d (each)))"},
    {"a[b].*.c", "(splat .* (index (traversal a) (traversal b)) (relative .c (each)))"},
    {"f()[*].b", "(splat [*] (call f) (relative .b (each)))"},
    {"a.*.b + 1", "(binary + (splat .* (traversal a) (relative .b (each))) (number 1))"},
    {"f(a.*...)", "(call f (splat .* (traversal a) (each)) ...)"},
    {"(a[\n*\n])", "(parentheses (splat [*] (traversal a) (each)))"},
    {"a.*.*", "hcl-nested-splat"},
    {"a.*.0.1", "hcl-legacy-index"},
    {"a[*", "hcl-unclosed-bracket"},
    {"a[*b]", "hcl-unclosed-bracket"},
    {"*", "hcl-expected-expression"},
};
INSTANTIATE_TEST_SUITE_P(Splats, HclExpression, testing::ValuesIn(kSplats));

constexpr Case kCalls[] = {
    {"f()", "(call f)"},
    {"f ( )", "(call f)"},
    {"f(a, b)", "(call f (traversal a) (traversal b))"},
    {"f(\na,\nb,\n)", "(call f (traversal a) (traversal b))"},
    {"f(a...)", "(call f (traversal a) ...)"},
    {"f(a, b ...\n)", "(call f (traversal a) (traversal b) ...)"},
    {"f(1...)", "(call f (number 1) ...)"},
    {"true()", "(call true)"},
    {"provider::aws::arn_parse(a)", "(call provider::aws::arn_parse (traversal a))"},
    {"a :: b /* c */ :: c(1)", "(call a::b::c (number 1))"},
    {"f(g(h(1)))", "(call f (call g (call h (number 1))))"},
    {"f(a", "hcl-unclosed-parenthesis"},
    {"f(", "hcl-unclosed-parenthesis"},
    {"f(a b)", "hcl-unclosed-parenthesis"},
    {"f(a..., b)", "hcl-unclosed-parenthesis"},
    {"f(...)", "hcl-expected-expression"},
    {"f(,)", "hcl-expected-expression"},
    {"f(a,,b)", "hcl-expected-expression"},
    {"a::b", "hcl-invalid-call"},
    {"a::", "hcl-invalid-call"},
    {"a::1()", "hcl-invalid-call"},
};
INSTANTIATE_TEST_SUITE_P(Calls, HclExpression, testing::ValuesIn(kCalls));

constexpr Case kCollections[] = {
    {"[]", "(tuple)"},
    {"[\n]", "(tuple)"},
    {"[1, 2]", "(tuple (number 1) (number 2))"},
    {"[1,\n2\n,\n]", "(tuple (number 1) (number 2))"},
    {"[ # c\n 1, // c\n 2 /* c */ ]", "(tuple (number 1) (number 2))"},
    {"[a\n.b]", "(tuple (traversal a .b))"},
    {"[(for)]", "(tuple (parentheses (traversal for)))"},
    {"[forx]", "(tuple (traversal forx))"},
    {"[for-x]", "(tuple (traversal for-x))"},
    {"[<<A\nx\nA\n, 2]", "(tuple (heredoc A \"x\\n\") (number 2))"},
    {"[1 2]", "hcl-unclosed-bracket"},
    {"[1,,2]", "hcl-expected-expression"},
    {"[,]", "hcl-expected-expression"},
    {"[1", "hcl-unclosed-bracket"},
    {"[", "hcl-unclosed-bracket"},
    {"[for, x]", "hcl-invalid-for"},
    {"{}", "(object)"},
    {"{\n\n}", "(object)"},
    {"{a = 1}", "(object (item a (number 1)))"},
    {"{a: 1, b = 2}", "(object (item a (number 1)) (item b (number 2)))"},
    {"{a=1\nb=2\n\nc=3,\nd=4,}",
     "(object (item a (number 1)) (item b (number 2)) (item c (number 3)) (item d (number 4)))"},
    {"{ # c\n a=1 # c\n b=2 // c\n}", "(object (item a (number 1)) (item b (number 2)))"},
    {"{\"a\"=1}", "(object (item (string \"a\") (number 1)))"},
    {"{\"${a}\"=1}", "(object (item (string (interpolation (traversal a))) (number 1)))"},
    {"{(a)=1}", "(object (item (parentheses (traversal a)) (number 1)))"},
    {"{(a).b=1}", "(object (item (relative .b (parentheses (traversal a))) (number 1)))"},
    {"{a.b=1}", "(object (item (traversal a .b) (number 1)))"},
    {"{1=2}", "(object (item (number 1) (number 2)))"},
    {"{f(x)=2}", "(object (item (call f (traversal x)) (number 2)))"},
    {"{true=1, null=2}", "(object (item true (number 1)) (item null (number 2)))"},
    {"{a=1, for=2}", "(object (item a (number 1)) (item for (number 2)))"},
    {"{a=b?c:d}", "(object (item a (conditional (traversal b) (traversal c) (traversal d))))"},
    {"{a=(\n1\n)}", "(object (item a (parentheses (number 1))))"},
    {"{a=[\n{b=1\nc=2}\n]}", "(object (item a (tuple (object (item b (number 1)) (item c (number 2))))))"},
    {"{a=<<A\nx\nA\n}", "(object (item a (heredoc A \"x\\n\")))"},
    {"{a=<<A\nx\nA\n, b=1}", "hcl-expected-expression"},
    {"{a=1 b=2}", "hcl-unclosed-brace"},
    {"{a=1,,b=2}", "hcl-expected-expression"},
    {"{,}", "hcl-expected-expression"},
    {"{a}", "hcl-missing-value"},
    {"{a\n=1}", "hcl-missing-value"},
    {"{a=\n1}", "hcl-expected-expression"},
    {"{a=1 +\n1}", "hcl-expected-expression"},
    {"{a==1}", "hcl-missing-value"},
    {"{a=>1}", "hcl-missing-value"},
    {"{a=b ? c\n: d}", "hcl-missing-colon"},
    {"{a=1", "hcl-unclosed-brace"},
    {"{", "hcl-unclosed-brace"},
    {"{for = 1}", "hcl-invalid-for"},
    {"()", "hcl-expected-expression"},
    {"(a", "hcl-unclosed-parenthesis"},
    {"(a b)", "hcl-unclosed-parenthesis"},
    {"(a))", "hcl-extra-characters"},
};
INSTANTIATE_TEST_SUITE_P(Collections, HclExpression, testing::ValuesIn(kCollections));

constexpr Case kFors[] = {
    {"[for v in l : v]", "(for-tuple v (in (traversal l)) (value (traversal v)))"},
    {"[for k, v in l : v if k]", "(for-tuple k v (in (traversal l)) (value (traversal v)) (if (traversal k)))"},
    {"[\nfor\nv\nin\nl\n:\nv\n]", "(for-tuple v (in (traversal l)) (value (traversal v)))"},
    {"{for k, v in m : k => v}", "(for-object k v (in (traversal m)) (key (traversal k)) (value (traversal v)))"},
    {"{\nfor k, v in m :\n k => v\n}", "(for-object k v (in (traversal m)) (key (traversal k)) (value (traversal v)))"},
    {"{for v in m : v.a => v... if v.b}",
     "(for-object v ... (in (traversal m)) (key (traversal v .a)) (value (traversal v)) (if (traversal v .b)))"},
    {"[for in in in : in]", "(for-tuple in (in (traversal in)) (value (traversal in)))"},
    {"[for v in a ? b : c : v]",
     "(for-tuple v (in (conditional (traversal a) (traversal b) (traversal c))) (value (traversal v)))"},
    {"[for v in l : [for w in v : w]]",
     "(for-tuple v (in (traversal l)) (value (for-tuple w (in (traversal v)) (value (traversal w)))))"},
    {"[for v in l : v][0]", "(relative [0] (for-tuple v (in (traversal l)) (value (traversal v))))"},
    {"[for v in l : k => v]", "hcl-invalid-for"},
    {"[for v in l : v...]", "hcl-invalid-for"},
    {"{for v in l : v}", "hcl-invalid-for"},
    {"[for 1 in l : v]", "hcl-invalid-for"},
    {"[for a, in l : v]", "hcl-invalid-for"},
    {"[for a, b, c in l : v]", "hcl-invalid-for"},
    {"[for v of l : v]", "hcl-invalid-for"},
    {"[for v in l v]", "hcl-invalid-for"},
    {"[for v in l : v w]", "hcl-unclosed-bracket"},
    {"[for v in l : v", "hcl-unclosed-bracket"},
    {"{for k, v in l : k => v", "hcl-unclosed-brace"},
    {"[for v in l : v if]", "hcl-expected-expression"},
};
INSTANTIATE_TEST_SUITE_P(Fors, HclExpression, testing::ValuesIn(kFors));

// Inside of a body a newline ends the expression unless brackets are open.
TEST(HclExpressionInBody, NewlinesEndExpressions) {
  EXPECT_EQ(test::file_tree("a = b\n.c\n"), "hcl-expected-item");
  EXPECT_EQ(test::file_tree("a = b ? c\n: d\n"), "hcl-missing-colon");
  EXPECT_EQ(test::file_tree("a = (b\n.c ? d\n: e)\n"),
            "(attribute a (parentheses (conditional (traversal b .c) (traversal d) (traversal e))))");
  EXPECT_EQ(test::file_tree("a = b[\n0\n]\n"), "(attribute a (traversal b [0]))");
  EXPECT_EQ(test::file_tree("a = b[\n*]\n"), "hcl-expected-expression");
  EXPECT_EQ(test::file_tree("a = f(\n)\n"), "(attribute a (call f))");
  EXPECT_EQ(test::file_tree("a = f\n()\n"), "hcl-expected-item");
}

TEST(HclExpressionRegions, CoverExactlyTheirText) {
  Parsed parsed(" a.b [ 0 ] [c] .d.*.e[*].f + (1) ? f( x ... ) : -g ");
  const auto& conditional = as<ConditionalExpression>(parsed.expression());
  ASSERT_EQ(parsed.code(), "ok");
  EXPECT_EQ(parsed.at(conditional.region), "a.b [ 0 ] [c] .d.*.e[*].f + (1) ? f( x ... ) : -g");
  const auto& sum = as<BinaryExpression>(*conditional.condition);
  EXPECT_EQ(parsed.at(sum.region), "a.b [ 0 ] [c] .d.*.e[*].f + (1)");
  EXPECT_EQ(parsed.at(sum.operator_region), "+");
  EXPECT_EQ(parsed.at(sum.right->region), "(1)");
  const auto& full = as<SplatExpression>(*sum.left);
  EXPECT_EQ(parsed.at(full.region), "a.b [ 0 ] [c] .d.*.e[*].f");
  EXPECT_EQ(parsed.at(full.marker), "[*]");
  EXPECT_EQ(parsed.at(full.each->region), "[*].f");
  const auto& attribute = as<SplatExpression>(*full.base);
  EXPECT_EQ(parsed.at(attribute.region), "a.b [ 0 ] [c] .d.*.e");
  EXPECT_EQ(parsed.at(attribute.marker), ".*");
  const auto& relative = as<RelativeTraversal>(*attribute.base);
  EXPECT_EQ(parsed.at(relative.region), "a.b [ 0 ] [c] .d");
  EXPECT_EQ(parsed.at(relative.steps[0].region), ".d");
  const auto& index = as<IndexExpression>(*relative.base);
  EXPECT_EQ(parsed.at(index.region), "a.b [ 0 ] [c]");
  const auto& root = as<Traversal>(*index.base);
  EXPECT_EQ(parsed.at(root.region), "a.b [ 0 ]");
  EXPECT_EQ(parsed.at(root.root_region()), "a");
  EXPECT_EQ(parsed.at(root.steps[1].region), "[ 0 ]");
  const auto& call = as<FunctionCall>(*conditional.true_result);
  EXPECT_EQ(parsed.at(call.region), "f( x ... )");
  EXPECT_EQ(parsed.at(call.name_region), "f");
  EXPECT_EQ(parsed.at(conditional.false_result->region), "-g");
}

TEST(HclExpressionRegions, AnonymousItemIsWhatStandsForAnElement) {
  Parsed parsed("a[*]");
  const auto& splat = as<SplatExpression>(parsed.expression());
  EXPECT_EQ(splat.each, splat.item);
  EXPECT_EQ(splat.item->kind, ExpressionKind::kTraversal);
  EXPECT_TRUE(as<Traversal>(*splat.item).root.empty());
}

TEST(HclExpressionRegions, ObjectItems) {
  Parsed parsed("{ a = 1, (b) : [2] }");
  const auto& object = as<ObjectExpression>(parsed.expression());
  EXPECT_EQ(parsed.at(object.region), "{ a = 1, (b) : [2] }");
  EXPECT_EQ(parsed.at(object.items[0].region()), "a = 1");
  EXPECT_TRUE(object.items[0].key_is_name);
  EXPECT_EQ(parsed.at(object.items[1].region()), "(b) : [2]");
  EXPECT_FALSE(object.items[1].key_is_name);
}

TEST(HclExpressionRegions, NamesPointIntoTheArtifact) {
  Parsed parsed("p::f(a.b[\"c\"])");
  const auto& call = as<FunctionCall>(parsed.expression());
  const auto in_artifact = [&](std::string_view text) {
    return text.data() >= parsed.artifact.bytes().data() &&
           text.data() + text.size() <= parsed.artifact.bytes().data() + parsed.artifact.bytes().size();
  };
  EXPECT_TRUE(in_artifact(call.name));
  const auto& traversal = as<Traversal>(*call.arguments[0]);
  EXPECT_TRUE(in_artifact(traversal.root));
  EXPECT_TRUE(in_artifact(traversal.steps[0].name));
  EXPECT_TRUE(in_artifact(traversal.steps[1].name));
}

TEST(HclExpression, AFailureGivesAnErrorExpression) {
  Parsed parsed("a +");
  EXPECT_EQ(parsed.expression().kind, ExpressionKind::kError);
}

TEST(HclExpression, PartOfAnArtifact) {
  Parsed parsed("x = a + b\n");
  const auto result = parse_expression(parsed.artifact, {parsed.artifact.id(), 4, 7}, parsed.arena, parsed.limits);
  ASSERT_EQ(result.diagnostics.size(), 1U);  // "a +" and nothing of what follows
  EXPECT_EQ(result.diagnostics[0].code, "hcl-expected-expression");
  const auto whole = parse_expression(parsed.artifact, {parsed.artifact.id(), 4, 9}, parsed.arena, parsed.limits);
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(parsed.at(whole.expression->region), "a + b");
}

}  // namespace
}  // namespace gabion::syntax::hcl
