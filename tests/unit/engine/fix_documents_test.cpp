#include "engine/fix_documents.h"

#include <gtest/gtest.h>

#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

class Documents : public ::testing::Test {
 protected:
  const syntax::hcl::Expression& parse(std::string text) {
    const source::Artifact& artifact = artifacts_.add("rule" + std::to_string(artifacts_.size()), std::move(text));
    return *syntax::hcl::parse_expression(artifact, artifact.whole(), arena_, limits_).expression;
  }

  source::ArtifactStore artifacts_;
  source::Arena arena_;
  source::Limits limits_;
  FixDocuments documents_;
};

TEST_F(Documents, HangOnReferencesAlone) {
  using Referred = std::vector<std::string_view>;
  const auto* referred = documents_.referred(parse(R"({
    Version = "2012-10-17"
    Statement = [{Resource = "*", Principal = {AWS = "arn:aws:iam::${refer("data.aws_caller_identity.id")}:root"}},
                 {Sid = hole("a name"), Resource = [(refer("arn")), "${refer("data.aws_caller_identity.id")}/*"]}]
  })"));
  ASSERT_NE(referred, nullptr);
  EXPECT_EQ(*referred, (Referred{"data.aws_caller_identity.id", "arn"}));
  EXPECT_EQ(documents_.referred(parse("{Version = self.version}")), nullptr);
  EXPECT_EQ(documents_.referred(parse("[for s in [1] : s]")), nullptr);
  EXPECT_EQ(documents_.referred(parse("true ? refer(\"arn\") : null")), nullptr);
  EXPECT_EQ(documents_.referred(parse("refer(name)")), nullptr);
  EXPECT_EQ(documents_.referred(parse("\"%{ if true }a%{ endif }\"")), nullptr);
  EXPECT_EQ(documents_.referred(parse("upper(\"a\")")), nullptr);
}

TEST_F(Documents, AreKeptByReferencesAndStyle) {
  const syntax::hcl::Expression& one = parse("refer(\"arn\")");
  const syntax::hcl::Expression& other = parse("refer(\"arn\")");
  FixStyle wide;
  wide.step = "    ";
  documents_.keep(one, {"aws_kms_key.a.arn"}, {}, {.text = "a", .has_hole = true});
  ASSERT_NE(documents_.find(one, {"aws_kms_key.a.arn"}, {}), nullptr);
  EXPECT_EQ(documents_.find(one, {"aws_kms_key.a.arn"}, {})->text, "a");
  EXPECT_TRUE(documents_.find(one, {"aws_kms_key.a.arn"}, {})->has_hole);
  EXPECT_EQ(documents_.find(one, {"aws_kms_key.b.arn"}, {}), nullptr);
  EXPECT_EQ(documents_.find(one, {"aws_kms_key.a.arn"}, wide), nullptr);
  EXPECT_EQ(documents_.find(other, {"aws_kms_key.a.arn"}, {}), nullptr);
}

}  // namespace
}  // namespace gabion::engine
