#include "engine/fix_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/fix_applier.h"
#include "engine/fix_edits.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

FixValue text(std::string_view value) {
  return FixValue::of_text(value);
}

FixValue object(std::vector<FixMember> members) {
  FixValue value;
  value.kind = FixValue::Kind::kObject;
  value.members = std::move(members);
  return value;
}

using Edit = std::function<bool(const TreeEditor&, const FixNode&, std::vector<findings::Edit>&)>;

/// The text after an edit of the innermost list or object around the marker "@" (of the scalar itself where there is
/// none, or when `itself` is set); "refused" when it cannot be made.
std::string edited(std::string source, const Edit& edit, std::string path = "main.tf", bool itself = false) {
  const std::size_t marker = source.find('@');
  source.erase(marker, 1);
  source::ArtifactStore store;
  const source::Artifact& artifact = store.add(std::move(path), std::move(source));
  FixSyntax syntax(store);
  const auto offset = static_cast<std::uint32_t>(marker);
  const auto spot = syntax.around({artifact.id(), offset, offset});
  if (!spot) {
    return "nothing there";
  }
  const bool container = spot->node->kind == FixNode::Kind::kObject || spot->node->kind == FixNode::Kind::kList;
  const FixNode& node = container || itself || spot->around.empty() ? *spot->node : *spot->around.back();
  std::vector<findings::Edit> edits;
  if (!edit(TreeEditor(store, *spot), node, edits)) {
    return "refused";
  }
  std::stable_sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.region < b.region; });
  return apply_edits(artifact.bytes(), edits);
}

Edit member(std::string key, FixValue value) {
  return [key = std::move(key), value = std::move(value)](const TreeEditor& editor, const FixNode& node,
                                                          std::vector<findings::Edit>& edits) {
    return editor.add_member(node, key, value, edits);
  };
}

Edit element(FixValue value) {
  return [value = std::move(value)](const TreeEditor& editor, const FixNode& node, std::vector<findings::Edit>& edits) {
    return editor.add_elements(node, {value}, edits);
  };
}

Edit removal(std::vector<std::size_t> which) {
  return [which = std::move(which)](const TreeEditor& editor, const FixNode& node, std::vector<findings::Edit>& edits) {
    return editor.remove(node, which, edits);
  };
}

TEST(FixTreeTest, MembersFollowTheOnesThatAreThere) {
  const Edit add = member("b", text("x"));
  EXPECT_EQ(edited("v = {@}\n", add), "v = { b = \"x\" }\n");
  EXPECT_EQ(edited("v = { a = 1@ }\n", add), "v = { a = 1, b = \"x\" }\n");
  EXPECT_EQ(edited("v = {\n  a = 1@\n}\n", add), "v = {\n  a = 1\n  b = \"x\"\n}\n");
  EXPECT_EQ(edited("v = {\n  a = 1, @\n}\n", add), "v = {\n  a = 1, \n  b = \"x\",\n}\n");
  EXPECT_EQ(edited("v = {\n  aaa = 1@ # one\n}\n", add), "v = {\n  aaa = 1 # one\n  b   = \"x\"\n}\n");
  EXPECT_EQ(edited("v = {\n\t\"a\" : 1@\n}\n", add), "v = {\n\t\"a\" : 1\n\t\"b\" : \"x\"\n}\n");
  EXPECT_EQ(edited("v = {\r\n  a = 1@\r\n}\r\n", add), "v = {\r\n  a = 1\r\n  b = \"x\"\r\n}\r\n");
  EXPECT_EQ(edited("v = {\n@}\n", add), "v = {\n  b = \"x\"\n}\n");
  EXPECT_EQ(edited("v = {\n  a = 1\n  c = 2@}\n", add), "v = {\n  a = 1\n  c = 2,\n  b = \"x\"}\n");
}

TEST(FixTreeTest, LongKeysStartAGroup) {
  EXPECT_EQ(edited("v = {\n  a = 1@\n}\n", member("long", text("x"))), "v = {\n  a = 1\n\n  long = \"x\"\n}\n");
}

TEST(FixTreeTest, JsonHasCommasBetweenAndNoneBehind) {
  const Edit add = member("b", text("x"));
  EXPECT_EQ(edited("{\"a\": 1@}", add, "p.json"), "{\"a\": 1, \"b\": \"x\"}");
  EXPECT_EQ(edited("{\n    \"a\" : 1@\n}\n", add, "p.json"), "{\n    \"a\" : 1,\n    \"b\" : \"x\"\n}\n");
  EXPECT_EQ(edited("{@}", add, "p.json"), "{\"b\": \"x\"}");
}

TEST(FixTreeTest, JsonWithoutLineBreaksStaysOnOneLine) {
  const std::string word(60, 'x');
  const Edit add = member("b", object({{"c", text(word)}, {"d", object({{"e", text(word)}, {"f", text("y")}})}}));
  EXPECT_EQ(edited("{\"a\":1@}\n", add, "p.json"),
            "{\"a\":1,\"b\":{\"c\":\"" + word + "\",\"d\":{\"e\":\"" + word + "\",\"f\":\"y\"}}}\n");
  EXPECT_EQ(edited("{\"a\": 1@}", member("b", text("x")), "p.json"), "{\"a\": 1, \"b\": \"x\"}");
  EXPECT_EQ(edited("{\"a\":[1@]}", element(text("x")), "p.json"), "{\"a\":[1,\"x\"]}");
}

TEST(FixTreeTest, MembersStayInObjectsThatCloseBehindTheLastOne) {
  const Edit add = member("b", text("x"));
  EXPECT_EQ(edited("{\"o\":{\"a\":{\n\"c\":1\n}, \"d\":2@}}", add, "p.json"),
            "{\"o\":{\"a\":{\n\"c\":1\n}, \"d\":2, \"b\":\"x\"}}");
}

TEST(FixTreeTest, JsonInHeredocsKeepsItsInterpolations) {
  const std::string before = "v = <<-EOT\n    {\n      \"a\": \"${x}@\",\n      \"c\": 1\n    }\n  EOT\n";
  const Edit up = [](const TreeEditor& editor, const FixNode& node, std::vector<findings::Edit>& edits) {
    return node.kind == FixNode::Kind::kOpaque && editor.replace(node, text("${aws:username}"), edits);
  };
  EXPECT_EQ(edited(before, up, "main.tf", true),
            "v = <<-EOT\n    {\n      \"a\": \"$${aws:username}\",\n      \"c\": 1\n    }\n  EOT\n");
}

TEST(FixTreeTest, PolicyVariablesInTemplatesAreTextsWithoutTheirMarkers) {
  const Edit rename = [](const TreeEditor& editor, const FixNode& node, std::vector<findings::Edit>& edits) {
    return node.text == "${aws:username}/%{x}$" && editor.replace(node, text("y"), edits);
  };
  EXPECT_EQ(edited("v = <<-EOT\n  {\"a\": \"$${aws:username}/%%{x}$@\"}\n  EOT\n", rename, "main.tf", true),
            "v = <<-EOT\n  {\"a\": \"y\"}\n  EOT\n");
}

TEST(FixTreeTest, JsonInQuotedStringsIsWrittenWithItsEscapes) {
  const Edit add = member("b", text("x"));
  EXPECT_EQ(edited(R"(v = "{\"a\":1@}")", add), R"(v = "{\"a\":1,\"b\":\"x\"}")");
  EXPECT_EQ(edited(R"(v = "{\"a\": 1@}")", add), R"(v = "{\"a\": 1, \"b\": \"x\"}")");
  EXPECT_EQ(edited(R"(v = f("{\n  \"a\": 1@\n}\n"))", add), R"(v = f("{\n  \"a\": 1,\n  \"b\": \"x\"\n}\n"))");
  EXPECT_EQ(edited(R"(v = "{\r\n\t\"a\": 1@\r\n}")", add), R"(v = "{\r\n\t\"a\": 1,\r\n\t\"b\": \"x\"\r\n}")");
  EXPECT_EQ(edited(R"(v = { k = ["{\"a\":[1@]}"] })", element(text("\"\\"))),
            R"(v = { k = ["{\"a\":[1,\"\\\"\\\\\"]}"] })");
  EXPECT_EQ(edited(R"(v = "{\"a\":[\"x\",\"y\"@,\"z\"]}")", removal({1})), R"(v = "{\"a\":[\"x\",\"z\"]}")");
}

TEST(FixTreeTest, WhatIsNotEditedInAQuotedStringKeepsItsBytes) {
  const Edit add = member("b", text("x"));
  EXPECT_EQ(edited(R"(v = "{\u0022a\": \"\U0001F600\\u00e9\\\\ü\"@}")", add),
            R"(v = "{\u0022a\": \"\U0001F600\\u00e9\\\\ü\", \"b\": \"x\"}")");
  EXPECT_EQ(edited(R"(v = "{\"a\": \"${x["k"]}$${y}\", \"c\": ${f("\"")}@}")", add),
            R"(v = "{\"a\": \"${x["k"]}$${y}\", \"c\": ${f("\"")}, \"b\": \"x\"}")");
}

TEST(FixTreeTest, ReferencesInQuotedStringsAreInterpolations) {
  FixValue reference;
  reference.kind = FixValue::Kind::kText;
  reference.pieces = {{"a${", false}, {"r[\"k\"].arn", true}, {"/*", false}};
  EXPECT_EQ(edited(R"(v = "{\"a\":1@}")", member("b", reference)), R"(v = "{\"a\":1,\"b\":\"a$${${r["k"].arn}/*\"}")");
  // In JSON syntax the expression is part of the string.
  EXPECT_EQ(edited(R"({"v": "{\"a\":\"${x}\"@}"})", member("b", reference), "main.tf.json"),
            R"({"v": "{\"a\":\"${x}\",\"b\":\"a$${${r[\"k\"].arn}/*\"}"})");
  EXPECT_EQ(edited(R"({"v": "{\"a\":1@}"})", member("b", reference), "terraform.tfvars.json"), "refused");
}

TEST(FixTreeTest, StringsOfJsonFilesAreReadThroughTheirEscapes) {
  const Edit add = member("b", text("x"));
  EXPECT_EQ(edited(R"({"v": "{\"a\":\"\uD83D\uDE00\/\"@}"})", add, "main.tf.json"),
            R"({"v": "{\"a\":\"\uD83D\uDE00\/\",\"b\":\"x\"}"})");
  EXPECT_EQ(edited(R"({"v": ["{\n \"a\": 1@\n}"]})", add, "main.tf.json"),
            R"({"v": ["{\n \"a\": 1,\n \"b\": \"x\"\n}"]})");
  // Other JSON files have texts that nobody reads.
  EXPECT_EQ(edited(R"({"v": "{\"a\":1@}"})", add, "p.json"), R"({"v": "{\"a\":1}", "b": "x"})");
}

TEST(FixTreeTest, TextReadThroughEscapesIsFoundInItsString) {
  source::ArtifactStore store;
  const source::Artifact& artifact =
      store.add("main.tf", R"(v = c ? "{\"a\": ${jsonencode({ b = [1] })}}" : "[\"d\"]")");
  FixSyntax syntax(store);
  const auto within = [&](std::string_view text) {
    const auto begin = static_cast<std::uint32_t>(artifact.bytes().find(text));
    const auto spot = syntax.within({artifact.id(), begin, begin + static_cast<std::uint32_t>(text.size())});
    return spot ? std::string(artifact.text(spot->node->region)) : "nothing there";
  };
  EXPECT_EQ(within(R"("{\"a\": ${jsonencode({ b = [1] })}}")"), R"({\"a\": ${jsonencode({ b = [1] })}})");
  EXPECT_EQ(within(R"("[\"d\"]")"), R"([\"d\"])");
  EXPECT_EQ(within("jsonencode({ b = [1] })"), "{ b = [1] }");
  EXPECT_EQ(within(artifact.bytes()), "nothing there");
}

TEST(FixTreeTest, TreesThatAreThereAreNotMadeAgain) {
  source::ArtifactStore store;
  source::Arena arena;
  const source::Artifact& seen = store.add("seen.tf", "resource \"t\" \"n\" {\n  v = [1]\n}\n");
  const source::Artifact& other = store.add("other.tf", "resource \"t\" \"o\" {}\n");
  const source::Artifact& wrong = store.add("wrong.tf", "a {\n  b =\n}\n");
  const syntax::hcl::Body* const tree = syntax::hcl::parse_file(seen, arena, {}).body;
  int asked = 0;
  FixSyntax syntax(store, {}, [&](const source::Artifact& artifact) {
    ++asked;
    return &artifact == &seen ? tree : nullptr;
  });
  EXPECT_EQ(syntax.whole_tree(seen.id()), tree);
  EXPECT_EQ(syntax.declaration(".", "t", "n"), &tree->blocks.front());
  EXPECT_NE(syntax.declaration(".", "t", "o"), nullptr);
  EXPECT_NE(syntax.whole_tree(other.id()), nullptr);
  EXPECT_EQ(syntax.whole_tree(wrong.id()), nullptr);
  EXPECT_EQ(asked, 3);
  const auto list = static_cast<std::uint32_t>(seen.bytes().find('['));
  EXPECT_TRUE(syntax.find({seen.id(), list, list + 3}));
  syntax.make_room();
  EXPECT_EQ(syntax.whole_tree(seen.id()), tree) << "asked for again";
  EXPECT_EQ(asked, 4);
  EXPECT_TRUE(syntax.find({seen.id(), list, list + 3}));
}

TEST(FixTreeTest, ElementsFollowTheOnesThatAreThere) {
  const Edit add = element(text("c"));
  EXPECT_EQ(edited("v = [@]\n", add), "v = [\"c\"]\n");
  EXPECT_EQ(edited("v = [\"a\", @\"b\"]\n", add), "v = [\"a\", \"b\", \"c\"]\n");
  EXPECT_EQ(edited("v = [\n  \"a\",@\n  \"b\" # last\n]\n", add), "v = [\n  \"a\",\n  \"b\", # last\n  \"c\"\n]\n");
  EXPECT_EQ(edited("v = [\n  \"a\",\n  \"b\",@ # last\n]\n", add), "v = [\n  \"a\",\n  \"b\", # last\n  \"c\",\n]\n");
  EXPECT_EQ(edited("v = \"@a\"\n", add), "v = [\"a\", \"c\"]\n");
  EXPECT_EQ(edited("v = [{\n  a = 1\n},@ {\n  a = 2\n}]\n", element(object({{"a", text("x")}, {"b", text("y")}}))),
            "v = [{\n  a = 1\n}, {\n  a = 2\n}, {\n  a = \"x\"\n  b = \"y\"\n}]\n");
  // The bracket closes on the line of the last element.
  EXPECT_EQ(edited("v = [\n  \"a\",@\n  \"b\"]\n", add), "v = [\n  \"a\",\n  \"b\",\n  \"c\"]\n");
  EXPECT_EQ(edited("v = [@\n  \"b\",]\n", add), "v = [\n  \"b\",\n  \"c\",]\n");
  EXPECT_EQ(edited("v = f([@\n  { a = 1 }])\n", element(object({{"a", text("x")}}))),
            "v = f([\n  { a = 1 },\n  { a = \"x\" }])\n");
  // As Terraform's formatter has it.
  const FixValue two = object({{"a", text("x")}, {"b", text("y")}});
  EXPECT_EQ(edited("v = @[{\n  a = 1\n}]\n", element(two)), "v = [{\n  a = 1\n  }, {\n  a = \"x\"\n  b = \"y\"\n}]\n");
  EXPECT_EQ(edited("v = [{\n  a = 1\n  },@ {\n  a = 2\n}]\n", element(two)),
            "v = [{\n  a = 1\n  }, {\n  a = 2\n  }, {\n  a = \"x\"\n  b = \"y\"\n}]\n");
  EXPECT_EQ(edited("v = @[{\n  a = 1\n}]\n",
                   [&](const TreeEditor& editor, const FixNode& node, std::vector<findings::Edit>& edits) {
                     return editor.add_elements(node, {two, two}, edits);
                   }),
            "v = [{\n  a = 1\n  }, {\n  a = \"x\"\n  b = \"y\"\n  }, {\n  a = \"x\"\n  b = \"y\"\n}]\n");
  EXPECT_EQ(edited("v = @[{\n  a = 1\n}]\n", element(object({{"a", text("x")}}))),
            "v = [{\n  a = 1\n}, { a = \"x\" }]\n");
}

TEST(FixTreeTest, ElementsAreAddedToWhatMayBeOneOrAList) {
  const auto added = [](const std::string& expression) {
    return edited("v = { r = @" + expression + " }\n", element(text("x")), "main.tf", true);
  };
  EXPECT_EQ(added("aws_s3_bucket.a.arn"), "v = { r = [aws_s3_bucket.a.arn, \"x\"] }\n");
  EXPECT_EQ(added("var.names"), "v = { r = flatten([var.names, \"x\"]) }\n");
  EXPECT_EQ(added("aws_s3_bucket.a[*].arn"), "v = { r = flatten([aws_s3_bucket.a[*].arn, \"x\"]) }\n");
  EXPECT_EQ(added("<<E\n${var.a}\nE\n"), "refused");
}

TEST(FixTreeTest, RemovalsTakeTheirCommas) {
  EXPECT_EQ(edited("v = [{\n  a = 1\n  },@ {\n  a = 2\n  }, {\n  a = 3\n}]\n", removal({1, 2})),
            "v = [{\n  a = 1\n}]\n");
  EXPECT_EQ(edited("v = [{\n  a = 1\n  },@ {\n  a = 2\n  }, {\n  a = 3\n}]\n", removal({1})),
            "v = [{\n  a = 1\n  }, {\n  a = 3\n}]\n");
  EXPECT_EQ(edited("v = [1,@ 2, 3]\n", removal({0})), "v = [2, 3]\n");
  EXPECT_EQ(edited("v = [1,@ 2, 3]\n", removal({1})), "v = [1, 3]\n");
  EXPECT_EQ(edited("v = [1,@ 2, 3]\n", removal({2})), "v = [1, 2]\n");
  EXPECT_EQ(edited("v = [1,@ 2, 3]\n", removal({1, 2})), "v = [1]\n");
  EXPECT_EQ(edited("v = [1@]\n", removal({0})), "refused");
  EXPECT_EQ(edited("v = [\n  1,\n  2,@\n  3,\n]\n", removal({1})), "v = [\n  1,\n  3,\n]\n");
  EXPECT_EQ(edited("v = [\n  1,\n  2,@\n  3,\n]\n", removal({2})), "v = [\n  1,\n  2,\n]\n");
  EXPECT_EQ(edited("{\n  \"a\": 1,@\n  \"b\": 2\n}\n", removal({1}), "p.json"), "{\n  \"a\": 1\n}\n");
  EXPECT_EQ(edited("v = {\n  a = 1@\n  b = 2 # two\n  c = 3\n}\n", removal({0})), "v = {\n  b = 2 # two\n  c = 3\n}\n");
}

TEST(FixTreeTest, WhatIsNoDataIsLeftAlone) {
  EXPECT_EQ(edited("v = foo(@x)\n", element(text("c"))), "nothing there");
  EXPECT_EQ(edited("v = {\"a\": @${x}}", element(text("c")), "p.json", true), "nothing there");
}

}  // namespace
}  // namespace gabion::engine
