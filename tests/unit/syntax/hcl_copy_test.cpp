#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "syntax/hcl/copy.h"
#include "syntax/hcl/walk.h"
#include "unit/syntax/hcl_support.h"

namespace gabion::syntax::hcl {
namespace {

constexpr source::ArtifactId kOther{9};

/// Places of all expressions of a body and of those in it, and of what else has one.
void add_places(const Expression& expression, std::vector<Region>& places) {
  places.push_back(expression.region);
  if (expression.kind == ExpressionKind::kSplat) {
    const auto& splat = as<SplatExpression>(expression);
    places.push_back(splat.marker);
    places.push_back(splat.item->region);
    add_places(*splat.each, places);
  }
  if (expression.kind == ExpressionKind::kTraversal) {
    for (const Step& step : as<Traversal>(expression).steps) {
      places.push_back(step.region);
    }
  }
  if (expression.kind == ExpressionKind::kRelative) {
    for (const Step& step : as<RelativeTraversal>(expression).steps) {
      places.push_back(step.region);
    }
  }
  if (expression.kind == ExpressionKind::kFunctionCall) {
    places.push_back(as<FunctionCall>(expression).name_region);
  }
  if (expression.kind == ExpressionKind::kBinary) {
    places.push_back(as<BinaryExpression>(expression).operator_region);
  }
  if (expression.kind == ExpressionKind::kObject) {
    for (const ObjectItem& item : as<ObjectExpression>(expression).items) {
      places.push_back(item.key->region);
    }
  }
  if (expression.kind == ExpressionKind::kTemplate) {
    places.push_back(as<TemplateExpression>(expression).content());
    for (const TemplatePart& part : as<TemplateExpression>(expression).parts()) {
      places.push_back(part.region);
    }
  }
  for_each_child(expression, [&](const Expression& child) { add_places(child, places); });
}

void add_places(const Body& body, std::vector<Region>& places) {
  places.push_back(body.region);
  for (const Attribute& attribute : body.attributes) {
    places.push_back(attribute.region);
    places.push_back(attribute.name_region());
    add_places(*attribute.expression, places);
  }
  for (const Block& block : body.blocks) {
    places.push_back(block.header);
    places.push_back(block.region);
    for (const Label& label : block.labels) {
      places.push_back(label.region);
    }
    add_places(*block.body, places);
  }
}

class HclCopy : public testing::TestWithParam<std::string_view> {};

TEST_P(HclCopy, IsTheTreeOfTheOtherFile) {
  const source::Artifact other(kOther, "other.tf", std::string(GetParam()), source::Role::kProject);
  source::Arena arena;
  const Body* copy = nullptr;
  std::string tree;
  std::vector<Region> expected;
  {
    const auto first = std::make_unique<test::Parsed>(GetParam());
    const Body& body = first->file();
    ASSERT_EQ(first->code(), "ok");
    tree = print_tree(body);
    add_places(body, expected);
    copy = copy_tree(body, first->artifact, other, arena);
  }  // nothing of the first is left
  EXPECT_EQ(print_tree(*copy), tree);
  EXPECT_EQ(print_source(*copy, other), GetParam());
  for (Region& place : expected) {
    EXPECT_EQ(place.artifact, source::ArtifactId{7});
    place.artifact = kOther;
  }
  std::vector<Region> places;
  add_places(*copy, places);
  EXPECT_EQ(places, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, HclCopy,
    testing::Values(
        "", "# nothing\n", "a = 1\r\nb = null\r\n",
        "\xEF\xBB\xBF"
        "a = true\n",
        "variable \"context\" {\n  type    = any\n  default = {\n    enabled = true\n    \"x y\" = []\n  }\n"
        "  description = <<-EOT\n    Several lines,\n      of which some are \\n indented.\n    EOT\n\n"
        "  validation {\n    condition     = length(var.context) == 0 || !can(var.context[0][\"k\"])\n"
        "    error_message = \"No, \\\"quoted\\\" and \\u00e9.\"\n  }\n}\n",
        "a = b.c[0].d.1.e[\"f\"][g].h\n", "a = x[*].b.*.c[1]\nb = x.*\nc = [for k, v in y[*].z[*] : v]\n",
        "a = -1 + 2 - 3 * (4 / 5) % 6\nb = c ? d : e ? f : !g\n",
        "a = { for k, v in x : k => v... if v != null }\nb = [for v in x : v]\n",
        "a = f(b, g::h(1)...)\nb = \"\"\nc = \"${d}\"\ne = \"$${f} ${~ g ~} %{ if h }i%{ else }j%{ endif }"
        "%{ for k, v in l }${v}%{ endfor }\"\n",
        "a = <<EOT\nplain ${x}\nEOT\nb = <<EOT\nEOT\n", "resource aws_a \"b\" {\n  c {}\n  d \"e\" f { g = 1 }\n}\n"));

/// A sum of thousands is one chain, which must not take a stack for each of them.
TEST(HclCopyOfChains, IsMadeInALoop) {
  std::string text = "a = 1";
  std::string steps = "b = f()";
  for (int i = 0; i < 20'000; ++i) {
    text += " + 1";
    steps += "[x]";
  }
  text += "\n" + steps + "\n";
  test::Parsed first(text);
  const source::Artifact other(kOther, "other.tf", text, source::Role::kProject);
  source::Arena arena;
  const Body* copy = copy_tree(first.file(), first.artifact, other, arena);
  ASSERT_EQ(first.code(), "ok");
  std::size_t length = 0;
  for (const Expression* at = copy->attributes[0].expression; at->kind == ExpressionKind::kBinary;
       at = as<BinaryExpression>(*at).left) {
    ++length;
  }
  EXPECT_EQ(length, 20'000U);
  length = 0;
  for (const Expression* at = copy->attributes[1].expression; at->kind == ExpressionKind::kIndex;
       at = as<IndexExpression>(*at).base) {
    EXPECT_EQ(at->region.artifact, kOther);
    ++length;
  }
  EXPECT_EQ(length, 20'000U);
}

}  // namespace
}  // namespace gabion::syntax::hcl
