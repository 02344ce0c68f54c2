// Checks that compare root modules: which claims meet, what is said of them, and what is left open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/analysis.h"
#include "engine/rule_compiler.h"

namespace gabion::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kQueueNames = R"(id: team-queue-name
title: t
severity: low
why: w
target: aws_sqs_queue
unique: '[self.name, self.fifo_queue == null ? false : self.fifo_queue]'
message: the queue ${self.name} is another one's as well
at: self.name
)";

class UniqueTest : public testing::Test {
 protected:
  void queue(const std::string& path, const std::string& attributes, const std::string& more = "") {
    files_.write(path, "resource \"aws_sqs_queue\" \"q\" {\n" + attributes + "}\n" + more);
  }

  void run(std::string_view rule = kQueueNames) {
    const CompiledRules compiled = compile_rules("r.yaml", rule, arena_);
    ASSERT_THAT(compiled.errors, IsEmpty());
    const std::span<const RuleData> kept = arena_.copy(compiled.rules);
    ASSERT_TRUE(rules_.add(kept));
    const Parameters parameters;
    const auto result = analyze({files_, {"."}, rules_, parameters, options_, {}}, artifacts_);
    ASSERT_TRUE(result) << result.error().message;
    for (const findings::Finding& finding : result->findings) {
      found_.push_back(std::string(artifacts_.get(finding.region.artifact).path()) + ": " + finding.message);
      traces_.push_back(finding.trace.size());
      environments_.push_back(finding.environments);
    }
    for (const findings::Unresolved& note : result->unresolved) {
      open_.push_back(std::string(artifacts_.get(note.region.artifact).path()));
      notes_.push_back(note.message);
    }
  }

  source::MemoryFileSystem files_;
  source::ArtifactStore artifacts_;
  source::Arena arena_;
  RuleSet rules_;
  terraform::Options options_;
  std::vector<std::string> found_;
  std::vector<std::string> open_;
  std::vector<std::string> notes_;
  std::vector<std::size_t> traces_;
  std::vector<std::vector<std::string>> environments_;
};

TEST_F(UniqueTest, EachFindingNamesTheOtherPlace) {
  queue("a/main.tf", "  name = \"jobs\"\n");
  queue("b/main.tf", "\n  name = \"jobs\"\n");
  queue("c/main.tf", "  name = \"mails\"\n");
  run();
  EXPECT_THAT(found_, ElementsAre("a/main.tf: the queue jobs is another one's as well, see b/main.tf:3",
                                  "b/main.tf: the queue jobs is another one's as well, see a/main.tf:2"));
  EXPECT_THAT(traces_, ElementsAre(1, 1));
  EXPECT_THAT(open_, IsEmpty());
}

TEST_F(UniqueTest, OneOfManyIsNamedAndTheOthersAreInTheTrace) {
  for (const char* root : {"a", "b", "c", "d"}) {
    queue(std::string(root) + "/main.tf", "  name = \"jobs\"\n");
  }
  run();
  ASSERT_EQ(found_.size(), 4U);
  EXPECT_EQ(found_[0], "a/main.tf: the queue jobs is another one's as well, see b/main.tf:2 and 2 more");
  EXPECT_THAT(traces_, ElementsAre(3, 3, 3, 3));
}

TEST_F(UniqueTest, AllPartsHaveToBeTheSame) {
  queue("a/main.tf", "  name = \"jobs\"\n");
  queue("b/main.tf", "  name = \"jobs\"\n  fifo_queue = true\n");
  run();
  EXPECT_THAT(found_, IsEmpty());
  EXPECT_THAT(open_, IsEmpty());
}

TEST_F(UniqueTest, WithinOneRootNothingIsCompared) {
  queue("a/main.tf", "  name = \"jobs\"\n", "resource \"aws_sqs_queue\" \"r\" {\n  name = \"jobs\"\n}\n");
  run();
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(UniqueTest, AModuleThatTwoRootsCallIsNoRivalOfItself) {
  queue("shared/main.tf", "  name = \"jobs\"\n");
  files_.write("a/main.tf", "module \"m\" {\n  source = \"../shared\"\n}\n");
  files_.write("b/main.tf", "module \"m\" {\n  source = \"../shared\"\n}\n");
  run();
  EXPECT_THAT(found_, IsEmpty());
}

TEST_F(UniqueTest, WhatIsNotKnownIsOpenOnlyWhereItMayMeetSomething) {
  queue("a/main.tf", "  name = var.name\n", "variable \"name\" {\n  type = string\n}\n");
  queue("b/main.tf", "  name = \"jobs\"\n");
  queue("c/main.tf", "  name = var.name\n  fifo_queue = true\n", "variable \"name\" {\n  type = string\n}\n");
  run();
  EXPECT_THAT(found_, IsEmpty());
  EXPECT_THAT(open_, ElementsAre("a/main.tf"));
}

TEST_F(UniqueTest, ALaterCheckDoesNotRepeatAnEarlierOne) {
  queue("a/main.tf", "  name = \"jobs\"\n");
  queue("b/main.tf", "  name = \"jobs\"\n");
  queue("c/main.tf", "  name = \"jobs\"\n  fifo_queue = true\n");
  run(R"(id: team-queue-name
title: t
severity: low
why: w
target: aws_sqs_queue
checks:
  - unique: '[self.name, self.fifo_queue == null ? false : self.fifo_queue]'
    message: the same
  - unique: self.name
    message: nearly the same
)");
  EXPECT_THAT(found_, ElementsAre("a/main.tf: the same, see b/main.tf:1", "b/main.tf: the same, see a/main.tf:1",
                                  "c/main.tf: nearly the same, see a/main.tf:1 and 1 more"));
}

TEST_F(UniqueTest, EnvironmentsAreThoseOfTheRoot) {
  options_.environments = {{.name = "test", .variables = {}, .workspace = {}, .roots = {}},
                           {.name = "live", .variables = {}, .workspace = {}, .roots = {}}};
  queue("a/main.tf", "  name = \"jobs\"\n");
  queue("b/main.tf", "  name = \"jobs\"\n");
  run();
  ASSERT_EQ(environments_.size(), 2U);
  EXPECT_THAT(environments_[0], ElementsAre("test", "live"));
}

TEST(UniqueCheckTest, IsInsteadOfARequirement) {
  source::Arena arena;
  const std::string text = std::string(kQueueNames) + "require: 'true'\n";
  const CompiledRules compiled = compile_rules("r.yaml", text, arena);
  ASSERT_EQ(compiled.errors.size(), 1U);
  EXPECT_THAT(compiled.errors[0].message, ::testing::HasSubstr("either require or unique"));
}

TEST_F(UniqueTest, WhatIsLeftOpenNamesTheOther) {
  queue("a/main.tf", "  fifo_queue = true\n");
  queue("b/main.tf", "  name       = var.name\n  fifo_queue = true\n", "variable \"name\" {\n  type = string\n}\n");
  run();
  EXPECT_THAT(notes_, ElementsAre("depends on what is not written here; it may be the same at b/main.tf:2",
                                  "depends on var.name, which has no value; it may be the same at a/main.tf:1"));
}

}  // namespace
}  // namespace gabion::engine
