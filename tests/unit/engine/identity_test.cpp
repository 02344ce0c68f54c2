#include "engine/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis.h"
#include "engine/rule_compiler.h"
#include "findings/fingerprint.h"

namespace gabion::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kRule = R"(id: key-rotation
title: t
severity: low
why: w
target: aws_kms_key
require: self.enable_key_rotation == true
message: m
)";

class IdentityTest : public testing::Test {
 protected:
  /// By which the one finding is known.
  std::vector<std::string> identities() {
    const CompiledRules compiled = compile_rules("r.yaml", kRule, arena_);
    EXPECT_THAT(compiled.errors, IsEmpty());
    EXPECT_TRUE(rules_.add(arena_.copy(compiled.rules)));
    const Parameters parameters;
    auto result = analyze({files_, {"."}, rules_, parameters, options_, {}}, artifacts_);
    EXPECT_TRUE(result);
    std::vector<std::string> identities;
    for (const findings::Finding& finding : result->findings) {
      EXPECT_THAT(identities, IsEmpty());
      identities = finding.identities;
    }
    return identities;
  }
  static std::string of(std::string_view address) { return findings::fingerprint("key-rotation", address, "m"); }
  static std::string moved(const std::string& from, const std::string& to) {
    return "moved {\n  from = " + from + "\n  to = " + to + "\n}\n";
  }

  source::MemoryFileSystem files_;
  source::ArtifactStore artifacts_;
  source::Arena arena_;
  RuleSet rules_;
  terraform::Options options_;
};

TEST_F(IdentityTest, MovesFollowEachOther) {
  files_.write("main.tf", "resource \"aws_kms_key\" \"c\" {}\n" + moved("aws_kms_key.a", "aws_kms_key.b") +
                              moved("aws_kms_key.b", "aws_kms_key.c") + moved("aws_kms_key.other", "aws_kms_key.cc"));
  EXPECT_THAT(identities(), ElementsAre(of("aws_kms_key.a"), of("aws_kms_key.b"), of("aws_kms_key.c")));
}

TEST_F(IdentityTest, CirclesEnd) {
  files_.write("main.tf", "resource \"aws_kms_key\" \"b\" {}\n" + moved("aws_kms_key.a", "aws_kms_key.b") +
                              moved("aws_kms_key.b", "aws_kms_key.a"));
  EXPECT_THAT(identities(), ElementsAre(of("aws_kms_key.b"), of("aws_kms_key.a"), of("aws_kms_key.b")));
}

TEST_F(IdentityTest, InstancesMove) {
  files_.write("main.tf", "resource \"aws_kms_key\" \"k\" {\n  for_each = toset([\"a.b\"])\n}\n" +
                              moved("aws_kms_key.j", "aws_kms_key.k[\"a.b\"]"));
  EXPECT_THAT(identities(), ElementsAre(of("aws_kms_key.j"), of("aws_kms_key.k[\"a.b\"]")));
}

TEST_F(IdentityTest, WhatIsBelowMovesToo) {
  files_.write("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n" + moved("module.old", "module.m"));
  files_.write("m/main.tf", "resource \"aws_kms_key\" \"k\" {}\n");
  EXPECT_THAT(identities(), ElementsAre(of("module.old.aws_kms_key.k"), of("module.m.aws_kms_key.k")));
}

TEST_F(IdentityTest, ModulesMoveWhatIsInThem) {
  files_.write("main.tf", "module \"m\" {\n  source = \"./m\"\n  for_each = toset([\"a.b\"])\n}\n" +
                              moved("module.old", "module.m[\"a.b\"]"));
  files_.write("m/main.tf", "resource \"aws_kms_key\" \"k\" {}\n" + moved("aws_kms_key.j", "aws_kms_key.k") +
                                moved("aws_kms_key.i", "aws_kms_key.j"));
  // Those of the root module come first, and then those in the module that it was.
  EXPECT_THAT(identities(), ElementsAre(of("module.old.aws_kms_key.k"), of("module.m[\"a.b\"].aws_kms_key.k")));
}

TEST_F(IdentityTest, MovesOfAModuleFollowEachOther) {
  files_.write("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
  files_.write("m/main.tf", "resource \"aws_kms_key\" \"k\" {}\n" + moved("aws_kms_key.j", "aws_kms_key.k") +
                                moved("aws_kms_key.i", "aws_kms_key.j"));
  EXPECT_THAT(identities(),
              ElementsAre(of("module.m.aws_kms_key.i"), of("module.m.aws_kms_key.j"), of("module.m.aws_kms_key.k")));
}

}  // namespace
}  // namespace gabion::engine
