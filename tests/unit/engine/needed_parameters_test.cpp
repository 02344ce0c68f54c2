#include "engine/needed_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> needed(const std::string& expression) {
  source::ArtifactStore artifacts;
  source::Arena arena;
  const source::Artifact& artifact = artifacts.add("given", expression);
  const auto parsed = syntax::hcl::parse_expression(artifact, artifact.whole(), arena, source::Limits{});
  EXPECT_TRUE(parsed.ok());
  std::vector<std::string> names;
  for (const std::string_view name : needed_parameters(*parsed.expression)) {
    names.emplace_back(name);
  }
  return names;
}

TEST(NeededParameters, AreThoseThatConditionsDemand) {
  EXPECT_THAT(needed("length(config.required_tags) > 0"), ElementsAre("required_tags"));
  EXPECT_THAT(needed("self.a != null && (length(config.a) > 0 && length(config.b) > 0)"), ElementsAre("a", "b"));
  EXPECT_THAT(needed("self.a == null || length(config.a) == 0 ? false : self.b"), ElementsAre("a"));
}

TEST(NeededParameters, AreNoneWhereTheCheckAppliesWithoutThem) {
  EXPECT_THAT(needed("length(config.a) > 0 || self.b"), IsEmpty());
  EXPECT_THAT(needed("length(self.a) > 0"), IsEmpty());
  EXPECT_THAT(needed("length(config.a) > 1"), IsEmpty());
  EXPECT_THAT(needed("length(config.a) == 0 && self.b"), IsEmpty());
}

}  // namespace
}  // namespace gabion::engine
