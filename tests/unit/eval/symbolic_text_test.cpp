// String functions over texts that are known in part: what they keep, and that they never contradict what comes out
// once everything is known.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <span>

#include "unit/eval/functions_table.h"

namespace gabion::eval::testing {
namespace {

/// Facts by which a text has the letters x and 1 only.
struct OnlyXAnd1 : SymbolFacts {
  OnlyXAnd1() : SymbolFacts{&kQuestions} {}

  static std::optional<CharacterSet> letters(const SymbolFacts& /*self*/, std::string_view /*path*/) {
    CharacterSet set;
    set.set('x');
    set.set('1');
    return set;
  }
  static constexpr Questions kQuestions{&letters, nullptr};
};

class SymbolicText : public ::testing::Test {
 protected:
  SymbolicText() {
    bench_.bind_unknown("v", "string", true);
    bench_.bind_unknown("w", "string", true);
    const Symbol* symbol = bench_.symbols().intern(
        {.reason = Reason::kComputed, .text = "b.id", .subject = "b", .path = "id", .region = {}, .facts = &facts_});
    bench_.bind("id", make_unknown(bench_.arena(), kStringType, Unknown{.symbol = symbol, .not_null = true}));
  }
  /// Whether both are the same text or list, whatever is not known.
  bool same_text(std::string_view a, std::string_view b) {
    return equals(bench_.evaluate(a), bench_.evaluate(b)) == Truth::kYes;
  }
  std::string truth(std::string_view expression) { return bench_.json(expression); }

  OnlyXAnd1 facts_;
  Workbench bench_;
};

TEST_F(SymbolicText, ReplacesWhereTheNeedleIsKnownToBe) {
  EXPECT_TRUE(same_text(R"(replace("arn:_ID_:${id}/*", "_ID_", "here"))", R"("arn:here:${id}/*")"));
  EXPECT_TRUE(same_text(R"(replace("arn:_ID_", "_ID_", v))", R"("arn:${v}")"));
  EXPECT_TRUE(same_text(R"(replace("_ID_/${id}/_ID_", "_ID_", v))", R"("${v}/${id}/${v}")"));
  EXPECT_TRUE(same_text(R"(replace("abc", "x", v))", R"("abc")"));
}

TEST_F(SymbolicText, GivesHolesThatMayHoldTheNeedleAnIdentityOfTheirOwn) {
  EXPECT_TRUE(same_text(R"(replace("<${v}>", "_ID_", "1"))", R"("<${replace(v, "_ID_", "1")}>")"));
  EXPECT_FALSE(same_text(R"(replace("<${v}>", "_ID_", "1"))", R"("<${v}>")"));
}

TEST_F(SymbolicText, WritesYamlAroundWhatIsNotKnown) {
  EXPECT_TRUE(same_text(R"(yamlencode({ a = v, b = "x" }))", R"(yamlencode({ a = v, b = "x" }))"));
  EXPECT_FALSE(same_text(R"(yamlencode({ a = v, b = "x" }))", R"(yamlencode({ a = w, b = "x" }))"));
  // Whatever is put in, the text begins and ends with what is around it.
  bench_.bind("known", make_string(bench_.arena(), "m\nn\n"));
  for (const std::string_view shape :
       {"{ a = X, b = \"c\" }", "[[X], X, { k = [X], l = 1 }]", "{ a = { b = [X] }, z = [] }"}) {
    std::string open(shape);
    std::string closed(shape);
    for (std::size_t at = 0; (at = open.find('X', at)) != std::string::npos; ++at) {
      open.replace(at, 1, "v");
    }
    for (std::size_t at = 0; (at = closed.find('X', at)) != std::string::npos; at += 5) {
      closed.replace(at, 1, "known");
    }
    const Value text = bench_.evaluate("yamlencode(" + open + ")");
    ASSERT_NE(text.detail(), nullptr) << shape;
    const std::string whole(bench_.evaluate("yamlencode(" + closed + ")").text());
    std::size_t at = 0;
    for (const Part& part : text.detail()->parts) {
      if (part.value == nullptr) {
        at = whole.find(part.text, at);
        ASSERT_NE(at, std::string::npos) << shape << ": " << part.text;
        at += part.text.size();
      }
    }
  }
}

TEST_F(SymbolicText, KnowsNothingOfAMatchThatMayCrossAHole) {
  EXPECT_FALSE(same_text(R"(replace("a_ID${v}", "_ID_", ""))", R"("a_ID${replace(v, "_ID_", "")}")"));
  EXPECT_FALSE(same_text(R"(replace("${v}D_b", "_ID_", ""))", R"("${replace(v, "_ID_", "")}D_b")"));
  // Through an empty hole.
  EXPECT_FALSE(same_text(R"(replace("_I${id}D_", "_ID_", ""))", R"("_I${id}D_")"));
  // One match takes what another would need.
  EXPECT_FALSE(same_text(R"(replace("${v}a_", "_a_", "-"))", R"("${replace(v, "_a_", "-")}a_")"));
  // The characters of the hole rule it out.
  EXPECT_TRUE(same_text(R"(replace("a_ID${id}", "_ID_", ""))", R"("a_ID${id}")"));
}

TEST_F(SymbolicText, ReplacesInsideOfEncodedValues) {
  const std::string_view text = R"(jsonencode({ "a" = ["x_ID_", v, id, 1, true], "_ID_" = { b = "_ID_${id}" } }))";
  EXPECT_EQ(bench_.json("jsondecode(replace(" + std::string(text) + R"(, "_ID_", "s")).s.b == "s${id}")"), "true");
  EXPECT_EQ(bench_.json("jsondecode(replace(" + std::string(text) + R"(, "_ID_", id)).a[0] == "x${id}")"),
            R"({"$unknown":"bool"})");  // the key would be unknown
  const std::string_view list = R"(jsonencode(["x_ID_", v, id, 1, true]))";
  EXPECT_EQ(bench_.json("jsondecode(replace(" + std::string(list) + R"(, "_ID_", id))[0] == "x${id}")"), "true");
  EXPECT_EQ(bench_.json("jsondecode(replace(" + std::string(list) + R"(, "_ID_", id))[2] == id)"), "true");
  EXPECT_EQ(bench_.json("jsondecode(replace(" + std::string(list) + R"(, "_ID_", id))[3])"), "1");
}

TEST_F(SymbolicText, DoesNotReplaceInsideOfEncodedValuesWhatMayBeSyntax) {
  for (const std::string_view needle : {"true", "ru", "1", "\\\"", ",", "\\\\n", "{"}) {
    const std::string call =
        R"(jsondecode(replace(jsonencode([v, true, 1, "\n1"]), ")" + std::string(needle) + R"(", "0"))[1])";
    EXPECT_NE(bench_.json(call), "true") << call;
  }
  // The newline is written as a backslash and an n.
  EXPECT_NE(bench_.json(R"(jsondecode(replace(jsonencode([v, "\nX"]), "nX", "0"))[1])"), R"("\nX")");
  EXPECT_NE(bench_.json(R"(jsondecode(replace(jsonencode([v, "aX"]), "aX", "\""))[1])"), R"("\"")");
}

TEST_F(SymbolicText, CaseIsKnownWhereTheTextIs) {
  EXPECT_TRUE(same_text(R"(lower("${v}:SUB"))", R"("${lower(v)}:sub")"));
  EXPECT_TRUE(same_text(R"(lower("${id}:SUB"))", R"("${id}:sub")"));
  EXPECT_TRUE(same_text(R"(upper("${v}:sub"))", R"("${upper(v)}:SUB")"));
  EXPECT_EQ(truth(R"(lower("${v}:SUB") == "aws:y")"), "false");
}

TEST_F(SymbolicText, TrimsWhatIsKnownAtTheEnds) {
  EXPECT_TRUE(same_text(R"(trimspace("  a${v}b\n"))", R"("a${v}b")"));
  EXPECT_TRUE(same_text(R"(chomp("${v}b\n\n"))", R"("${v}b")"));
  EXPECT_TRUE(same_text(R"(trim("--a-${v}-b-", "-"))", R"("a-${v}-b")"));
  EXPECT_TRUE(same_text(R"(trimprefix("aab${v}", "aa"))", R"("b${v}")"));
  EXPECT_TRUE(same_text(R"(trimprefix("ab${v}", "aa"))", R"("ab${v}")"));
  EXPECT_TRUE(same_text(R"(trimsuffix("${v}.b.", "."))", R"("${v}.b")"));
  EXPECT_TRUE(same_text(R"(trimspace(jsonencode([v])))", R"(jsonencode([v]))"));
  EXPECT_FALSE(same_text(R"(trimspace("${v} "))", R"("${v}")"));
  EXPECT_FALSE(same_text(R"(trimprefix("a${v}", "aa"))", R"("a${v}")"));
}

TEST_F(SymbolicText, CutsWhatIsKnown) {
  EXPECT_EQ(truth(R"(substr("hello${v}", 1, 3))"), R"("ell")");
  EXPECT_TRUE(same_text(R"(substr("hello${v}!", 2, -1))", R"("llo${v}!")"));
  EXPECT_EQ(truth(R"(substr("he${v}", 1, 3))"), R"({"$unknown":"string"})");
  EXPECT_EQ(truth(R"(substr("he${v}", 0, 0))"), R"("")");
  EXPECT_EQ(truth(R"(split("/", "a/b/${id}")[1])"), R"("b")");
  EXPECT_EQ(truth(R"(split("/", "a/b/${id}")[2] == id)"), "true");
  EXPECT_EQ(truth(R"(length(split("/", "a/b/${v}")))"), R"({"$unknown":"number"})");
  EXPECT_TRUE(same_text(R"(indent(2, "a\n${id}\nb"))", R"("a\n  ${id}\n  b")"));
}

TEST_F(SymbolicText, ContainsWhatIsKnownOrWhatHolesCannotHold) {
  EXPECT_EQ(truth(R"(strcontains("a-b${v}", "-b"))"), "true");
  EXPECT_EQ(truth(R"(strcontains("a${id}", "b"))"), "false");
  EXPECT_EQ(truth(R"(strcontains("a${id}", "a1"))"), R"({"$unknown":"bool"})");
  EXPECT_EQ(truth(R"(strcontains("a${v}", "b"))"), R"({"$unknown":"bool"})");
}

TEST_F(SymbolicText, ContainsWhatIsEncodedAsItIs) {
  EXPECT_EQ(truth(R"(strcontains(jsonencode({ a = ["x:lambda:y"], b = v }), ":lambda:"))"), "true");
  EXPECT_EQ(truth(R"(strcontains(jsonencode({ named = v }), "name"))"), "true");
  EXPECT_EQ(truth(R"(strcontains(jsonencode({ a = "x:lambda:${v}" }), ":lambda:"))"), "true");
  EXPECT_EQ(truth(R"(strcontains(jsonencode({ a = "x", b = v }), ":lambda:"))"), R"({"$unknown":"bool"})");
  EXPECT_EQ(truth(R"(strcontains(yamlencode([{ arn = v, groups = ["system:masters"] }]), "system:masters"))"), "true");
  EXPECT_EQ(truth(R"(strcontains(yamlencode([{ arn = v, groups = ["x"] }]), "masters"))"), R"({"$unknown":"bool"})");
  // < and > are escaped.
  EXPECT_EQ(truth(R"(strcontains(jsonencode({ a = "<b>", b = v }), "<b>"))"), R"({"$unknown":"bool"})");
}

TEST_F(SymbolicText, MatchesPatternsInWhatIsKnown) {
  constexpr Row kRows[] = {
      {R"~(can(regex("^arn:aws:", "arn:aws:s3:::${v}")))~", "true"},
      {R"~(regex("^arn:(aws|aws-cn):", "arn:aws:s3:::bucket/${v}")[0])~", R"("aws")"},
      {R"~(regex("^[a-z]-", "a-${v}"))~", R"("a-")"},
      {R"~(regex("b.", "abcdef${v}"))~", R"("bc")"},
      {R"~(can(regex("s3", "${v}:s3:${w}")))~", "true"},
      {R"~(can(regex("^arn:aws:iam::[0-9]+:role/.*$", "foo-${v}")))~", "false"},
      {R"~(can(regex("^arn:aws:iam::", "arn:aws:s3:${v}")))~", "false"},
      {R"~(can(regex("^[a-z]{3}", "1a${v}")))~", R"({"$unknown":"bool"})"},
      {R"~(regexall("^a.c", "abcdef${v}"))~", R"(["abc"])"},
      {R"~(regexall("^x", "abc${v}"))~", "[]"},
      {R"~(length(regexall("b", "abc${v}")) > 0)~", "true"},
      // What is not known takes part.
      {R"~(can(regex("^arn:aws:", "${v}arn:aws:")))~", R"({"$unknown":"bool"})"},
      {R"~(can(regex("^ab$", "ab${v}")))~", R"({"$unknown":"bool"})"},
      {R"~(can(regex("b\\b", "ab${v}")))~", R"({"$unknown":"bool"})"},
      {R"~(can(regex("^x|c", "ab${v}")))~", R"({"$unknown":"bool"})"},
      {R"~(can(regex("^?x", "ab${v}")))~", R"({"$unknown":"bool"})"},
      {R"~(can(regex("(?m)^x", "ab${v}")))~", R"({"$unknown":"bool"})"},
      {R"~(regex("^a(bc)?", "ab${v}"))~", R"~({"$unknown":"tuple([string])"})~"},
      {R"~(regex("^ab*", "ab${v}"))~", R"({"$unknown":"string"})"},
      {R"~(regex("ab|b", "b${v}"))~", R"({"$unknown":"string"})"},
      {R"~(regexall("b", "abc${v}"))~", R"~({"$unknown":"list(string)"})~"},
      {R"~(regex("(", v))~", "error: invalid regexp pattern"},
  };
  expect_rows(bench_, kRows);
}

TEST_F(SymbolicText, MatchesPatternsAsTheWholeTextDoes) {
  std::mt19937 random(20240301);
  const auto pick = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
  const auto joined = [&](std::span<const std::string_view> atoms, std::size_t most) {
    std::string out;
    for (std::size_t size = pick(most + 1); size > 0; --size) {
      out += atoms[pick(atoms.size())];
    }
    return out;
  };
  constexpr std::array<std::string_view, 26> kAtoms{
      "a", "b",     "1",     ".",     "[ab]",  "[^a]",   "(a|b)", "(?:ab)", "a?",   "b*",   "a+",    "^",  "$",
      "|", "\\\\w", "\\\\b", "\\\\A", "\\\\z", "a{1,2}", "^a",    "^b",     "(ab)", "(b)?", "(^|a)", "ab", "x"};
  constexpr std::array<std::string_view, 4> kLetters{"a", "b", "1", "ab"};
  constexpr std::array<std::string_view, 7> kPieces{"a", "b", "ab", "1", "${v}", "${w}", "${id}"};
  int decided = 0;
  for (int round = 0; round < 12000; ++round) {
    const std::string anchor = pick(2) == 0 ? "^" : "";
    const std::string arguments = "(\"" + anchor + joined(kAtoms, 4) + "\", \"" + joined(kPieces, 6) + "\")";
    Workbench known;
    known.bind("v", "\"" + joined(kLetters, 3) + "\"");
    known.bind("w", "\"" + joined(kLetters, 3) + "\"");
    known.bind("id", "\"" + joined(kLetters, 2) + "\"");
    for (const std::string_view shape : {"can(regex", "(regex", "(regexall"}) {
      const std::string expression = std::string(shape) + arguments + ")";
      const Value symbolic = bench_.evaluate(expression);
      const Value concrete = known.evaluate(expression);
      const std::string why = expression + "\n  symbolic: " + describe(symbolic) + "\n  known: " + describe(concrete);
      if (symbolic.is_error()) {
        EXPECT_TRUE(concrete.is_error()) << why;
      } else if (!concrete.is_error()) {
        EXPECT_NE(equals(symbolic, concrete), Truth::kNo) << why;
        const bool shorter = symbolic.is_unknown() && concrete.is_sequence() &&
                             concrete.elements().size() < symbolic.unknown().min_length;
        EXPECT_FALSE(shorter) << why;
      } else {
        EXPECT_TRUE(symbolic.is_unknown()) << why;
      }
      decided += symbolic.is_unknown() ? 0 : 1;
    }
  }
  EXPECT_GT(decided, 12000);
}

TEST_F(SymbolicText, NeverContradictsTheTruth) {
  std::mt19937 random(20240229);
  const auto pick = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
  const auto word = [&](std::string_view letters, std::size_t most) {
    std::string out;
    for (std::size_t size = pick(most + 1); size > 0; --size) {
      out += letters[pick(letters.size())];
    }
    return out;
  };
  const std::array<std::string_view, 14> shapes{"replace(T, \"N\", \"M\")",
                                                "split(\"N\", T)",
                                                "strcontains(T, \"N\")",
                                                "startswith(T, \"N\")",
                                                "endswith(T, \"N\")",
                                                "trimprefix(T, \"N\")",
                                                "trimsuffix(T, \"N\")",
                                                "trim(T, \"N\")",
                                                "upper(T)",
                                                "substr(T, 1, 2)",
                                                "substr(T, 2, -1)",
                                                "replace(T, \"N\", v)",
                                                "jsondecode(replace(jsonencode([T, v, true, \"N\"]), \"N\", \"M\"))",
                                                "trimspace(T)"};
  int decided = 0;
  for (int round = 0; round < 6000; ++round) {
    // Texts of few letters, so that matches overlap and cross.
    const std::string_view letters = round % 2 == 0 ? "ab" : "aX_ 1";
    std::string text = "\"";
    for (std::size_t part = 1 + pick(4); part > 0; --part) {
      constexpr std::array<std::string_view, 3> kHoles{"${v}", "${w}", "${id}"};
      text += pick(2) == 0 ? std::string(kHoles[pick(3)]) : word(letters, 4);
    }
    text += '"';
    const std::string needle = word(letters, 3);
    const std::string other = word(letters, 2);
    std::string expression;
    for (const char c : shapes[static_cast<std::size_t>(round) % shapes.size()]) {
      expression += c == 'T' ? text : (c == 'N' ? needle : (c == 'M' ? other : std::string(1, c)));
    }
    const Value symbolic = bench_.evaluate(expression);
    Workbench known;
    known.bind("v", "\"" + word(letters, 4) + "\"");
    known.bind("w", "\"" + word(letters, 4) + "\"");
    known.bind("id", "\"" + word("x1", 3) + "\"");
    const Value concrete = known.evaluate(expression);
    if (concrete.is_error() || symbolic.is_error()) {
      continue;
    }
    EXPECT_NE(equals(symbolic, concrete), Truth::kNo)
        << expression << "\n  symbolic: " << describe(symbolic) << "\n  known: " << describe(concrete);
    decided += symbolic.is_unknown() && (symbolic.detail() == nullptr || symbolic.detail()->parts.empty()) ? 0 : 1;
  }
  EXPECT_GT(decided, 2000);
}

}  // namespace
}  // namespace gabion::eval::testing
