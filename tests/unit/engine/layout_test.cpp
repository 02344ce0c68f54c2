#include "engine/layout.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/alignment.h"
#include "engine/fix_applier.h"
#include "engine/fix_edits.h"
#include "source/arena.h"
#include "source/budget.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

/// The text after attributes and blocks went into its first block (or the first block inside that one).
std::string edited(std::string text, std::vector<NewAttribute> attributes, std::vector<NewBlock> blocks = {},
                   bool nested = false) {
  source::ArtifactStore store;
  source::Arena arena;
  const source::Limits limits;
  const source::Artifact& artifact = store.add("main.tf", std::move(text));
  const auto file = syntax::hcl::parse_file(artifact, arena, limits);
  const syntax::hcl::Block& outer = file.body->blocks.front();
  BodyEditor editor(artifact, nested ? outer.body->blocks.front() : outer);
  editor.insert_attributes(std::move(attributes));
  editor.insert_blocks(std::move(blocks));
  return apply_edits(artifact.bytes(), editor.finish());
}

const std::vector<NewAttribute> kOn = {{"on", "true"}};

TEST(LayoutTest, NothingToInsertChangesNothing) {
  EXPECT_EQ(edited("a {\n}\n", {}), "a {\n}\n");
}

TEST(LayoutTest, EmptyBlocksOpenUp) {
  EXPECT_EQ(edited("a {}\n", kOn), "a {\n  on = true\n}\n");
  EXPECT_EQ(edited("a { }", kOn), "a {\n  on = true\n}");
  EXPECT_EQ(edited("a {\n}\n", kOn), "a {\n  on = true\n}\n");
}

TEST(LayoutTest, OneLineBlocksKeepWhatIsInside) {
  EXPECT_EQ(edited("a { b = 1 }\n", kOn), "a {\n  b  = 1\n  on = true\n}\n");
}

TEST(LayoutTest, EqualsSignsAreAligned) {
  EXPECT_EQ(edited("a {\n  long_name = 1\n  b         = 2\n}\n", kOn),
            "a {\n  long_name = 1\n  b         = 2\n  on        = true\n}\n");
}

TEST(LayoutTest, ALongNameStartsItsOwnGroup) {
  EXPECT_EQ(edited("a {\n  b = 1\n}\n", kOn), "a {\n  b = 1\n\n  on = true\n}\n");
  const std::vector<NewAttribute> longer = {{"longer", "true"}};
  EXPECT_EQ(edited("a {\n  b    = 1\n  tags = x\n}\n", longer), "a {\n  b    = 1\n  tags = x\n\n  longer = true\n}\n");
  EXPECT_EQ(edited("a {\n  b    = 1 # first\n  tags = x\n\n  depends_on = [y]\n}\n", longer),
            "a {\n  b    = 1 # first\n  tags = x\n\n  longer = true\n\n  depends_on = [y]\n}\n");
  EXPECT_EQ(edited("a {\n  b = 1\n  tags = {\n    c = 1\n  }\n}\n", longer),
            "a {\n  b = 1\n\n  longer = true\n  tags = {\n    c = 1\n  }\n}\n");
}

TEST(LayoutTest, WhatTakesSeveralLinesIsAlignedWithNothing) {
  const std::vector<NewAttribute> object = {{"bb", "{\n    c = 1\n  }"}, {"on", "true"}};
  EXPECT_EQ(edited("a {\n  long_name = 1\n  b         = 2\n}\n", object),
            "a {\n  long_name = 1\n  b         = 2\n  on        = true\n\n  bb = {\n    c = 1\n  }\n}\n");
  EXPECT_EQ(edited("a {\n  b    = 1\n  tags = x\n}\n", {{"longer", "{\n    c = 1\n  }"}}),
            "a {\n  b    = 1\n  tags = x\n\n  longer = {\n    c = 1\n  }\n}\n");
  EXPECT_EQ(edited("a {}\n", {{"longer", "{\n    c = 1\n  }"}, {"on", "true"}}),
            "a {\n  on = true\n  longer = {\n    c = 1\n  }\n}\n");
}

/// The text without the lines that begin with a minus sign, which is not part of them.
std::string without_lines(std::string marked) {
  std::vector<std::pair<std::size_t, std::size_t>> gone;
  for (std::size_t at = 0; at < marked.size(); at = marked.find('\n', at) + 1) {
    if (marked[at] == '-') {
      marked.erase(at, 1);
      gone.emplace_back(at, marked.find('\n', at) + 1);
    }
  }
  source::ArtifactStore store;
  const source::Artifact& artifact = store.add("main.tf", std::move(marked));
  std::vector<findings::Edit> edits;
  for (const auto& [begin, end] : gone) {
    edits.push_back({{artifact.id(), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, ""});
  }
  FixSyntax syntax(store);
  align_again(store, syntax, edits);
  return apply_edits(artifact.bytes(), edits);
}

TEST(LayoutTest, LinesComeNearerWhenTheLongestGoes) {
  EXPECT_EQ(without_lines("a {\n  b    = 1\n-  long = 2\n  cc   = 3\n}\n"), "a {\n  b  = 1\n  cc = 3\n}\n");
  EXPECT_EQ(without_lines("-  long = 2\n  b    = 1\n-  also = 3\n"), "  b = 1\n");
  EXPECT_EQ(without_lines("  long = 2\n-  b    = 1\n  c    = 3\n"), "  long = 2\n  c    = 3\n") << "another is as long";
  EXPECT_EQ(without_lines("  b     = 2\n-  long  = 1\n"), "  b     = 2\n") << "they were not formatted";
  EXPECT_EQ(without_lines("  b    = 2\n\n-  long = 1\n"), "  b    = 2\n\n") << "of another group";
  EXPECT_EQ(without_lines("  b = {\n-    long = 1\n    c    = 2\n  }\n"), "  b = {\n    c = 2\n  }\n");
}

TEST(LayoutTest, OnlyBlocksAroundTheEditsAreLookedAt) {
  const std::string aligned = "x {\n  b  = 1\n  cc = 2\n}\n";
  const std::string untidy = "y {\n  b = 1\n  cc = 2\n}\n";
  const std::string marked = "a {\n  b    = 1\n-  long = 2\n  cc   = 3\n}\n";
  const std::string made = "a {\n  b  = 1\n  cc = 3\n}\n";
  EXPECT_EQ(without_lines(aligned + untidy + marked + untidy), aligned + untidy + made + untidy);
  EXPECT_EQ(without_lines(marked + untidy + marked), made + untidy + made);
  const std::string gone = "- x {\n- b = 1\n-}\n";
  EXPECT_EQ(without_lines(gone + marked + gone + untidy + gone), made + untidy);
  const std::string kept = "a {\n  b    = 1\n  cc   = 3\n}\n";
  EXPECT_EQ(without_lines("x {\n  b =\n}\n" + marked), "x {\n  b =\n}\n" + kept) << "something is wrong with the file";
}

/// The text with another one in place of a part of it.
std::string with(std::string_view text, std::string_view old, std::string_view fresh,
                 const std::string& path = "main.tf") {
  source::ArtifactStore store;
  const source::Artifact& artifact = store.add(path, std::string(text));
  const auto begin = static_cast<std::uint32_t>(text.find(old));
  std::vector<findings::Edit> edits = {
      {{artifact.id(), begin, begin + static_cast<std::uint32_t>(old.size())}, std::string(fresh)}};
  FixSyntax syntax(store);
  align_again(store, syntax, edits);
  return apply_edits(artifact.bytes(), edits);
}

TEST(LayoutTest, LinesThatComeToStandBelowEachOtherAreAligned) {
  const std::string_view list = "[\n    1,\n  ]";
  EXPECT_EQ(with("a {\n  b = 1\n  long = [\n    1,\n  ]\n  c = 2\n}\n", list, "[]"),
            "a {\n  b    = 1\n  long = []\n  c    = 2\n}\n");
  EXPECT_EQ(with("o = {\n  \"b\" = 1,\n  long = [\n    1,\n  ]\n}\n", list, "[]"),
            "o = {\n  \"b\"  = 1,\n  long = []\n}\n");
  EXPECT_EQ(with("b = 1\nlong = [\n    1,\n  ]\né = <<EOT\nEOT\n", list, "[]"),
            "b    = 1\nlong = []\né    = <<EOT\nEOT\n");
  EXPECT_EQ(with("b    = 1\nlong = [2]\nc    = 3\n", "[2]", "[\n  2,\n]"), "b = 1\nlong = [\n  2,\n]\nc = 3\n");
  EXPECT_EQ(with("aa   = 1\nb    = [2]\nlong = 3\n", "[2]", "[\n  2,\n]"), "aa = 1\nb = [\n  2,\n]\nlong = 3\n");
  EXPECT_EQ(with("bbb = 1\nc   = 2\n", "bbb", "b"), "b = 1\nc = 2\n");
  EXPECT_EQ(with("b = 1\r\nlong = [\r\n  1,\r\n]\r\n", "[\r\n  1,\r\n]", "[]"), "b    = 1\r\nlong = []\r\n");
}

TEST(LayoutTest, WhatIsAddedInsideOfALineMayLetItGoOnBelow) {
  const auto added = [](std::string_view text, std::string_view before, std::string_view fresh) {
    source::ArtifactStore store;
    const source::Artifact& artifact = store.add("main.tf", std::string(text));
    const auto at = static_cast<std::uint32_t>(text.find(before));
    std::vector<findings::Edit> edits = {{{artifact.id(), at, at}, std::string(fresh)}};
    FixSyntax syntax(store);
    align_again(store, syntax, edits);
    return apply_edits(artifact.bytes(), edits);
  };
  EXPECT_EQ(added("aa   = 1\nlong = [{ b = 1 }]\n", " }]", ", c = {\n  d = 2\n}"),
            "aa = 1\nlong = [{ b = 1, c = {\n  d = 2\n} }]\n");
  EXPECT_EQ(added("aa   = 1\nlong = [2]\n", "]", ", 3"), "aa   = 1\nlong = [2, 3]\n");
}

TEST(LayoutTest, WhatWasNotAlignedStaysAsItIs) {
  const std::string_view list = "[\n  1,\n]";
  EXPECT_EQ(with("b  = 1\nlong = [\n  1,\n]\n", list, "[]"), "b  = 1\nlong = []\n");
  EXPECT_EQ(with("b = 1 # c\nlong = [\n  1,\n] # d\n", list, "[]"), "b = 1 # c\nlong = [] # d\n");
  EXPECT_EQ(with("b = 1\n\nlong = [\n  1,\n]\n", list, "[]"), "b = 1\n\nlong = []\n");
  EXPECT_EQ(with("b = 1\nlong = [\n  1,\n]\n", list, "["), "b = 1\nlong = [\n") << "no file any more";
  EXPECT_EQ(with("{\n\"b\": [\n  1,\n]}", list, "[]", "a.tf.json"), "{\n\"b\": []}");
}

TEST(LayoutTest, BlocksGoBeforeDependsOnWhereThatIsLast) {
  const std::vector<NewBlock> block = {{"d", {{"e", "1"}}, {}}};
  EXPECT_EQ(edited("a {\n  depends_on = [y]\n  b          = 1\n}\n", {}, block),
            "a {\n  depends_on = [y]\n  b          = 1\n\n  d {\n    e = 1\n  }\n}\n");
  EXPECT_EQ(edited("a {\n  b = 1\n\n  lifecycle {}\n  depends_on = [y]\n}\n", {}, block),
            "a {\n  b = 1\n\n  d {\n    e = 1\n  }\n\n  lifecycle {}\n  depends_on = [y]\n}\n");
}

TEST(LayoutTest, AttributesGoToTheOthersBehindABlock) {
  EXPECT_EQ(edited("a {\n  lifecycle {}\n\n  on2 = 1\n  tags = x\n}\n", kOn),
            "a {\n  lifecycle {}\n\n  on2 = 1\n  on  = true\n  tags = x\n}\n");
  EXPECT_EQ(edited("a {\n  b {}\n}\n", kOn), "a {\n  on = true\n  b {}\n}\n");
}

TEST(LayoutTest, CommentsStayWhereTheyAre) {
  EXPECT_EQ(edited("a { # first\n  on2 = 1 # second\n  # third\n}\n", kOn),
            "a { # first\n  on2 = 1 # second\n  on  = true\n  # third\n}\n");
  EXPECT_EQ(edited("a { # first\n  # only\n}\n", kOn), "a { # first\n  on = true\n  # only\n}\n");
}

TEST(LayoutTest, WindowsLineEndsAreCopied) {
  EXPECT_EQ(edited("a {\r\n  on2 = 1\r\n}\r\n", kOn), "a {\r\n  on2 = 1\r\n  on  = true\r\n}\r\n");
  EXPECT_EQ(edited("x = 1\r\na {}", kOn), "x = 1\r\na {\r\n  on = true\r\n}");
  EXPECT_EQ(edited("a {\r\n}", {}, {{"b", {{"c", "1"}}, {}}}), "a {\r\n  b {\r\n    c = 1\r\n  }\r\n}");
}

TEST(LayoutTest, MixedLineEndsFollowTheNeighbour) {
  EXPECT_EQ(edited("x = 1\r\na {\n  on2 = 1\n}\n", kOn), "x = 1\r\na {\n  on2 = 1\n  on  = true\n}\n");
}

TEST(LayoutTest, TabsAreCopied) {
  EXPECT_EQ(edited("a {\n\ton2 = 1\n}\n", kOn), "a {\n\ton2 = 1\n\ton  = true\n}\n");
  EXPECT_EQ(edited("a {\n\tb {\n\t}\n}\n", kOn, {}, true), "a {\n\tb {\n\t\ton = true\n\t}\n}\n");
}

TEST(LayoutTest, AttributesGoAfterAHeredoc) {
  EXPECT_EQ(edited("a {\n  t = <<EOT\nx = 1\nEOT\n}\n", {{"z", "1"}}), "a {\n  t = <<EOT\nx = 1\nEOT\n  z = 1\n}\n");
}

TEST(LayoutTest, AttributesGoBeforeNestedBlocksAndTags) {
  EXPECT_EQ(edited("a {\n  on2 = 1\n\n  tags = {\n    x = 1\n  }\n\n  b {\n  }\n}\n", kOn),
            "a {\n  on2 = 1\n  on  = true\n\n  tags = {\n    x = 1\n  }\n\n  b {\n  }\n}\n");
  EXPECT_EQ(edited("a {\n  b {\n  }\n}\n", kOn), "a {\n  on = true\n  b {\n  }\n}\n");
}

TEST(LayoutTest, BlocksGoToTheEnd) {
  const NewBlock block{"rule", {{"apply", "1"}, {"x", "2"}}, {{"inner", {{"y", "3"}}, {}}}};
  EXPECT_EQ(edited("a {\n  b = 1\n}\n", {}, {block}),
            "a {\n  b = 1\n\n  rule {\n    apply = 1\n    x     = 2\n\n    inner {\n      y = 3\n    }\n  }\n}\n");
  EXPECT_EQ(edited("a {}", {}, {{"b", {}, {}}}), "a {\n  b {}\n}");
}

TEST(LayoutTest, NestedBlocksKeepTheirDepth) {
  EXPECT_EQ(edited("a {\n    b {\n        on2 = 1\n    }\n}\n", kOn, {}, true),
            "a {\n    b {\n        on2 = 1\n        on  = true\n    }\n}\n");
}

TEST(LayoutTest, WhatIsInsertedParses) {
  for (const std::string text : {"a {}", "a { b = 1 }", "a {\n}", "a {\r\n\tb = <<-X\r\n\t\tx\r\n\tX\r\n}",
                                 "a {\n  b = [\n    1,\n  ] # c\n}", "a {\n  b { c = 1 }\n}"}) {
    const std::string after = edited(text, kOn, {{"rule", {{"x", "1"}}, {}}});
    source::ArtifactStore store;
    source::Arena arena;
    const auto file = syntax::hcl::parse_file(store.add("main.tf", after), arena, source::Limits{});
    EXPECT_TRUE(file.ok()) << after;
    ASSERT_EQ(file.body->blocks.size(), 1U) << after;
    const syntax::hcl::Body& body = *file.body->blocks.front().body;
    EXPECT_EQ(body.blocks.back().type, "rule") << after;
    EXPECT_TRUE(std::any_of(body.attributes.begin(), body.attributes.end(), [](const auto& attribute) {
      return attribute.name == "on";
    })) << after;
  }
}

TEST(LayoutTest, RemovalTakesWholeLines) {
  const auto removed = [](std::string text, std::string_view what) {
    source::ArtifactStore store;
    const source::Artifact& artifact = store.add("main.tf", std::move(text));
    const std::size_t at = artifact.bytes().find(what);
    const source::Region region = removal_region(
        artifact, {artifact.id(), static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + what.size())});
    return apply_edits(artifact.bytes(), std::vector<findings::Edit>{{region, ""}});
  };
  EXPECT_EQ(removed("a {\n  b = 1\n  c = 2\n}\n", "b = 1"), "a {\n  c = 2\n}\n");
  EXPECT_EQ(removed("a {\r\n  b = 1\r\n  c = 2\r\n}\r\n", "b = 1"), "a {\r\n  c = 2\r\n}\r\n");
  EXPECT_EQ(removed("b = 1", "b = 1"), "");
}

TEST(LayoutTest, EditsAreAppliedInOrder) {
  const source::ArtifactId id{};
  const std::vector<findings::Edit> edits = {{{id, 0, 1}, "x"}, {{id, 2, 2}, "y"}, {{id, 3, 4}, ""}};
  EXPECT_EQ(apply_edits("abcd", edits), "xbyc");
}

}  // namespace
}  // namespace gabion::engine
