// Broken files: what is whole is kept, what is not is left out and said.
#include "syntax/hcl/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "syntax/hcl/print.h"

namespace gabion::syntax::hcl {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// A text parsed tolerantly, shown as people would sketch it: "a b{c d{} ...}", "..." where something was left out.
class Tolerant {
 public:
  explicit Tolerant(std::string_view text)
      : artifact(source::ArtifactId{3}, "test.tf", std::string(text), source::Role::kProject),
        result(parse_tolerantly(artifact, arena, limits)) {}

  [[nodiscard]] std::string sketch() const { return sketch(*result.body); }
  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> codes;
    for (const auto& diagnostic : result.diagnostics) {
      codes.push_back(std::to_string(artifact.lines().line(diagnostic.region.begin)) + ' ' + diagnostic.code);
    }
    return codes;
  }
  [[nodiscard]] const Block& block(std::size_t index) const { return result.body->blocks[index]; }

  source::Artifact artifact;
  source::Arena arena;
  source::Limits limits;
  ParsedBody result;

 private:
  static std::string sketch(const Body& body) {
    std::string text;
    auto attribute = body.attributes.begin();
    auto block = body.blocks.begin();
    const auto separate = [&text] { text += text.empty() ? "" : " "; };
    while (attribute != body.attributes.end() || block != body.blocks.end()) {
      separate();
      if (block == body.blocks.end() ||
          (attribute != body.attributes.end() && attribute->region.begin < block->region.begin)) {
        text += attribute->name;
        ++attribute;
      } else {
        text += block->type;
        for (const Label& label : block->labels) {
          text += '.';
          text += label.text();
        }
        text += '{' + sketch(*block->body) + '}';
        ++block;
      }
    }
    if (!body.complete) {
      separate();
      text += "...";
    }
    return text;
  }
};

TEST(Recovery, LeavesAValidFileToTheStrictParser) {
  const Tolerant file("a = 1\nb \"c\" {\n  d = 2\n}\n");
  EXPECT_EQ(file.sketch(), "a b.c{d}");
  EXPECT_TRUE(file.result.ok());
}

TEST(Recovery, ReportsAttributesThatAreSetTwiceAsTheStrictParserDoes) {
  const Tolerant file("a {\n  b = 1\n  b = 2\n}\n");
  EXPECT_EQ(file.sketch(), "a{b ...}");
  EXPECT_THAT(file.codes(), ElementsAre("3 hcl-duplicate-attribute"));
}

TEST(Recovery, FindsAttributesThatAreSetTwiceAroundDamage) {
  const Tolerant file("a {\n  b = 1\n  c =\n  b = 2\n}\n");
  EXPECT_EQ(file.sketch(), "a{b ...} ...");
  EXPECT_THAT(file.codes(), ElementsAre("3 hcl-expected-expression", "4 hcl-duplicate-attribute"));
}

TEST(Recovery, KeepsWhatSurroundsAValueThatIsNotThereYet) {
  const Tolerant file("resource \"a\" \"b\" {\n  c = 1\n  d =\n  e = 2\n}\nf {\n}\n");
  EXPECT_EQ(file.sketch(), "resource.a.b{c e ...} f{} ...");
  EXPECT_THAT(file.codes(), ElementsAre("3 hcl-expected-expression"));
}

TEST(Recovery, MarksOnlyTheBodyThatLostSomething) {
  const Tolerant file("a {\n  b {\n    c = [1\n  }\n  d = 1\n}\n");
  EXPECT_EQ(file.sketch(), "a{b{...} d} ...");
  EXPECT_TRUE(file.block(0).body->complete);
  EXPECT_FALSE(file.block(0).body->blocks[0].body->complete);
}

TEST(Recovery, EndsAStringWithItsLine) {
  const Tolerant file("a {\n  b = \"x\n  c = \"y ${z\n  d = 1\n}\n");
  EXPECT_EQ(file.sketch(), "a{d ...} ...");
  EXPECT_THAT(file.codes(), ElementsAre("2 hcl-unclosed-string", HasSubstr("3 hcl-")));
}

TEST(Recovery, EndsBracketsWhereAnAssignmentBegins) {
  const Tolerant file("a {\n  b = [1, \"x\"\n  c = f(2,\n  d = 1\n}\ne = 1\n");
  EXPECT_EQ(file.sketch(), "a{d ...} e ...");
  EXPECT_THAT(file.codes(), ElementsAre("2 hcl-unclosed-bracket", HasSubstr("3 hcl-")));
  EXPECT_THAT(file.result.diagnostics[0].message, HasSubstr("before line 3"));
}

TEST(Recovery, SaysOnceWhatTheStrictParserSeesALineLater) {
  const Tolerant file("a {\n  b = [\n  c = 1\n}\n");
  EXPECT_EQ(file.sketch(), "a{c ...} ...");
  EXPECT_THAT(file.codes(), ElementsAre("2 hcl-unclosed-bracket"));
}

TEST(Recovery, NamesTheBlockThatIsNotClosed) {
  const Tolerant file("resource \"a\" \"b\" {\n  c = 1\n\nresource \"d\" \"e\" {\n  f = 1\n}\n");
  EXPECT_EQ(file.sketch(), "resource.a.b{c ...} resource.d.e{f} ...");
  ASSERT_THAT(file.codes(), ElementsAre("1 hcl-unclosed-block"));
  EXPECT_THAT(file.result.diagnostics[0].message, HasSubstr("resource \"a\" \"b\""));
  EXPECT_THAT(file.result.diagnostics[0].hint, HasSubstr("line 1"));
  EXPECT_EQ(file.artifact.text(file.result.diagnostics[0].region), "{");
  EXPECT_TRUE(file.block(0).close_brace().size() == 0 && file.block(1).close_brace().size() == 1);
}

TEST(Recovery, BlamesTheBlockWhoseIndentationShowsIt) {
  const Tolerant file(
      "resource \"a\" \"b\" {\n  c {\n    d = 1\n\n  e = 2\n  f {\n    g = 3\n  }\n}\nmoved {\n}\nh \"i\" {\n}\n");
  EXPECT_EQ(file.sketch(), "resource.a.b{c{d ...} e f{g}} moved{} h.i{} ...");
  ASSERT_THAT(file.codes(), ElementsAre("2 hcl-unclosed-block"));
  EXPECT_THAT(file.result.diagnostics[0].message, HasSubstr("the block c "));
}

TEST(Recovery, KeepsTheContentOfABlockWithoutItsOpeningBrace) {
  const Tolerant file("resource \"a\" \"b\"\n  c = 1\n  d {\n    e = 2\n  }\n}\nf {\n}\n");
  EXPECT_EQ(file.sketch(), "resource.a.b{c d{e} ...} f{} ...");
  EXPECT_EQ(file.result.diagnostics.front().code, "hcl-invalid-block-header");
}

TEST(Recovery, DoesNotTakeTheContentOfABrokenObjectForAttributes) {
  const Tolerant file("a {\n  b =\n    c = 1\n    d = 2\n  }\n  e = 3\n}\nf {\n}\n");
  EXPECT_EQ(file.sketch(), "a{e ...} f{} ...");
}

TEST(Recovery, DoubtsABlockWhoseBraceMayBeAnothers) {
  const Tolerant file("a {\n  b {\n    c\n      d = 1\n    }\n    e = 2\n  }\n  f = 3\n}\ng {\n}\n");
  EXPECT_THAT(file.sketch(), AllOf(HasSubstr("b{"), HasSubstr("g{}"), Not(HasSubstr("b{d"))));
  const Block& a = file.block(0);
  EXPECT_FALSE(a.body->complete);
  EXPECT_FALSE(a.body->blocks[0].body->complete);
}

TEST(Recovery, EndsABlockWhereTheNextOneStandsAsShallow) {
  const Tolerant file("a {\n  b = 1\n\nmoved {\n  c = 2\n}\n");
  EXPECT_EQ(file.sketch(), "a{b ...} moved{c} ...");
  EXPECT_THAT(file.codes(), ElementsAre("1 hcl-unclosed-block"));
}

TEST(Recovery, DoesNotLetAnObjectTakeTheBraceOfItsBlock) {
  const Tolerant file("a {\n  b = {\n    c = 1\n  d = 2\n}\ne = 1\n");
  EXPECT_EQ(file.sketch(), "a{...} e ...");
  EXPECT_THAT(file.codes(), ElementsAre("2 hcl-unclosed-value"));
}

TEST(Recovery, GivesABlockBackWhatABraceTooManyCutOff) {
  const Tolerant file("a {\n  b {\n    c = 1\n  }\n  }\n  d = 2\n}\ne {\n}\n");
  EXPECT_EQ(file.sketch(), "a{b{c} d ...} e{} ...");
  EXPECT_THAT(file.codes(), ElementsAre("7 hcl-unmatched-brace"));
}

TEST(Recovery, SkipsABraceThatClosesNothing) {
  const Tolerant file("a {\n}\n}\nb = 1\n");
  EXPECT_EQ(file.sketch(), "a{} b ...");
  EXPECT_THAT(file.codes(), ElementsAre("3 hcl-unmatched-brace"));
}

TEST(Recovery, AcceptsTheBraceOnTheNextLineOnlyAsAMistake) {
  const Tolerant file("resource \"a\" \"b\"\n{\n  c = 1\n}\nd = 1\n");
  EXPECT_EQ(file.sketch(), "resource.a.b{c ...} d ...");
  EXPECT_THAT(file.codes(), ElementsAre("1 hcl-invalid-block-header"));
}

TEST(Recovery, KeepsAnAttributeThatStandsBeforeTheBrace) {
  const Tolerant file("a {\n  b = 1 }\nc = 2\n");
  EXPECT_EQ(file.sketch(), "a{b ...} c ...");
}

TEST(Recovery, DoesNotTakeHalfOfAValue) {
  EXPECT_EQ(Tolerant("a {\n  b = c d\n  e = 1\n}\n").sketch(), "a{e ...} ...");
  EXPECT_EQ(Tolerant("a {\n  b = c\n    + d\n  e = 1\n}\n").sketch().find("b d"), std::string::npos);
}

TEST(Recovery, DoesNotHoistWhatStandsInABlockWithoutAName) {
  const Tolerant file("a {\n  b.c {\n    d = 1\n  }\n  e = 2\n}\n");
  EXPECT_EQ(file.sketch(), "a{e ...} ...");
}

TEST(Recovery, LeavesBothSidesOfAMergeConflictOut) {
  const Tolerant file(
      "a {\n  b = 1\n<<<<<<< HEAD\n  c = 1\n=======\n  c = 2\n>>>>>>> main\n  d = 1\n}\ne {\n  f = 1\n}\n");
  EXPECT_EQ(file.sketch(), "a{b d ...} e{f} ...");
  EXPECT_THAT(file.codes(), ElementsAre("3 hcl-merge-conflict"));
}

TEST(Recovery, LeavesABlockOutWhoseHeaderIsInConflict) {
  const Tolerant file(
      "<<<<<<< HEAD\nresource \"a\" \"b\" {\n=======\nresource \"a\" \"c\" {\n>>>>>>> main\n  d = 1\n}\ne {\n}\n");
  EXPECT_THAT(file.sketch(), AllOf(HasSubstr("e{}"), Not(HasSubstr("resource"))));
}

TEST(Recovery, KeepsWhatIsWholeInACutFile) {
  const std::string_view text = "a {\n  b = 1\n}\nresource \"c\" \"d\" {\n  e = 1\n  f {\n    g = [h(\"";
  const Tolerant file(text);
  EXPECT_EQ(file.sketch(), "a{b} resource.c.d{e f{...} ...} ...");
  EXPECT_FALSE(file.result.ok());
}

TEST(Recovery, KeepsWhatPrecedesAHeredocWithoutAnEnd) {
  const Tolerant file("a {\n  b = 1\n  c = <<EOT\n}\nresource \"d\" \"e\" {\n}\n");
  EXPECT_EQ(file.sketch(), "a{b ...} ...");
  EXPECT_THAT(file.codes(), ElementsAre("3 hcl-unclosed-heredoc"));
}

TEST(Recovery, DecodesTheLabelsOfABrokenBlock) {
  const Tolerant file("a \"x\\\"y\" z {\n  b =\n}\n");
  EXPECT_EQ(file.sketch(), "a.x\"y.z{...} ...");
  EXPECT_TRUE(file.block(0).labels[0].quoted);
  EXPECT_FALSE(file.block(0).labels[1].quoted);
  EXPECT_EQ(file.artifact.text(file.block(0).header), "a \"x\\\"y\" z");
  EXPECT_EQ(file.artifact.text(file.block(0).region), "a \"x\\\"y\" z {\n  b =\n}");
  EXPECT_EQ(file.artifact.text(file.block(0).body->region), "\n  b =\n");
}

TEST(Recovery, RecognisesOtherFormats) {
  EXPECT_THAT(Tolerant("{\n  \"resource\": {}\n}\n").codes(), ElementsAre("1 hcl-foreign-file"));
  EXPECT_THAT(Tolerant("[{\"a\": 1}]").codes(), ElementsAre("1 hcl-foreign-file"));
  EXPECT_THAT(Tolerant("---\na: 1\n").codes(), ElementsAre("1 hcl-foreign-file"));
  EXPECT_THAT(Tolerant(std::string_view("\xFF\xFE"
                                        "a\0=\0",
                                        6))
                  .codes(),
              ElementsAre("1 hcl-foreign-file"));
  EXPECT_THAT(Tolerant(std::string(100, '\0')).codes(), ElementsAre("1 hcl-foreign-file"));
}

TEST(Recovery, ReportsEveryDefectOnceAndStopsAtSome) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    text += "a" + std::to_string(i) + " {\n  b =\n  c = 1\n}\n";
  }
  const Tolerant file(text);
  EXPECT_THAT(file.result.body->blocks, SizeIs(50));
  ASSERT_THAT(file.result.diagnostics, SizeIs(21));
  EXPECT_EQ(file.result.diagnostics[20].code, "hcl-further-errors");
  EXPECT_THAT(file.result.diagnostics[20].message, HasSubstr("30"));
  EXPECT_EQ(file.result.diagnostics[20].severity, findings::DiagnosticSeverity::kNote);
}

/// More than one window of tree-sitter, with damage in each and far apart.
TEST(Recovery, WorksThroughLongFiles) {
  std::string text;
  for (int i = 0; i < 4000; ++i) {
    const std::string number = std::to_string(i);
    text += "resource \"a\" \"r" + number + "\" {\n  b = \"" + number + "\"\n";
    text += i % 100 == 7 ? "  c = [\n" : "  c = []\n";
    text += i % 1000 == 3 ? "\n" : "}\n";
  }
  const Tolerant file(text);
  ASSERT_THAT(file.result.body->blocks, SizeIs(4000));
  for (std::size_t i = 0; i < 4000; ++i) {
    const Block& block = file.block(i);
    EXPECT_EQ(block.labels[1].text(), "r" + std::to_string(i));
    EXPECT_EQ(block.body->complete, i % 100 != 7 && i % 1000 != 3) << i;
    EXPECT_NE(block.body->attribute("b"), nullptr);
    EXPECT_EQ(block.body->attribute("c") == nullptr, i % 100 == 7) << i;
  }
}

/// An item that is longer than a window cannot be judged; what follows it can.
TEST(Recovery, SkipsAnItemThatIsTooLong) {
  std::string text = "a = 1\nresource \"b\" \"c\" {\n  d = [\n";
  for (int i = 0; i < 10000; ++i) {
    text += "    \"element\" \n";
  }
  text += "  ]\n}\nresource \"e\" \"f\" {\n}\n";
  const Tolerant file(text);
  EXPECT_THAT(file.sketch(), AllOf(HasSubstr("a "), HasSubstr("resource.e.f{}")));
  EXPECT_FALSE(file.result.ok());
}

class HostileText : public ::testing::TestWithParam<std::string> {};

TEST_P(HostileText, EndsAndSaysSomething) {
  std::string text;
  while (text.size() < 30'000) {
    text += GetParam();
  }
  const Tolerant file(text);
  const Tolerant after_a_block("a {\n}\nb = " + text);
  ASSERT_NE(file.result.body, nullptr);
  EXPECT_THAT(after_a_block.result.body->blocks, Not(IsEmpty()));
  for (const auto& diagnostic : after_a_block.result.diagnostics) {
    EXPECT_TRUE(after_a_block.artifact.whole().contains(diagnostic.region));
  }
}

INSTANTIATE_TEST_SUITE_P(Patterns, HostileText,
                         ::testing::Values("\"", "{", "}", "(", "[", "\"${", "{}", "$", "<<A\n", "=",
                                           std::string(1, '\0'), "\xFF", "\"%{if ", "{a={", "/*", "a{\n", "a{\n b=[\n",
                                           "resource \"a\" {\n", "a?", "a.", ",", "~", "{for ", "f(", "#\n",
                                           "a = b }\n", "}\n", "<<<<<<< a\n>>>>>>> b\n", "a = \"x ${ {b=[(1\n", "\r",
                                           "a = 'x'\n"));

bool lies_within(const Body& body, const source::Region& around) {
  return around.contains(body.region) && std::ranges::all_of(body.blocks, [&](const Block& block) {
           return body.region.contains(block.region) && lies_within(*block.body, block.region);
         });
}

// One brace closes one block.
TEST(Recovery, BlocksEndWithinThoseAroundThem) {
  for (const std::string_view text : {"r{\no\n l\n }\n}", "r {\no\n  a {\n  }\nl\n }\n}\n", "r {\n  a\n  b {\n"}) {
    const Tolerant file(text);
    EXPECT_TRUE(lies_within(*file.result.body, file.artifact.whole())) << text << '\n' << file.sketch();
  }
}

}  // namespace
}  // namespace gabion::syntax::hcl
