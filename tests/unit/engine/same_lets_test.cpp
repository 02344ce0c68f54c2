// Let names that several rules have: worked out once for what is judged, and only where they mean the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/analysis.h"

namespace gabion::engine {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SameLetsTest : public testing::Test {
 protected:
  /// A rule about topics with these parts, which says what the let name `said` is worth.
  void load(const std::string& id, const std::string& parameters, const std::string& lets,
            const std::string& check = "  - require: 'false'\n    message: '${said}'\n") {
    const std::string path = "rules/" + id + ".yaml";
    files_.write(
        path, "id: " + id + "\ntitle: topics\nseverity: low\nwhy: of names\ntarget: aws_sns_topic\n" + parameters +
                  "let:\n" + lets + "checks:\n" + check +
                  "examples:\n  - bad: |\n      resource \"aws_sns_topic\" \"t\" {\n        name = \"x\"\n      }\n");
    const auto errors = rules_.load(files_, path);
    ASSERT_THAT(errors, IsEmpty()) << errors.front().message;
  }

  /// What is said of two topics, the judged one and one more, so that nothing is kept for too long.
  [[nodiscard]] std::vector<std::string> said() {
    files_.write("x/main.tf",
                 "resource \"aws_sns_topic\" \"a\" {\n  name = \"a\"\n}\n"
                 "resource \"aws_sns_topic\" \"b\" {\n  name = \"b\"\n}\n");
    const AnalysisRequest request{files_, {"x"}, rules_, parameters_, {}, {}};
    source::ArtifactStore artifacts;
    const auto result = analyze(request, artifacts);
    std::vector<std::string> messages;
    EXPECT_TRUE(result);
    for (const findings::Finding& finding : result ? result->findings : std::vector<findings::Finding>{}) {
      messages.push_back(std::string(finding.rule->id) + ": " + finding.message);
    }
    return messages;
  }

  source::MemoryFileSystem files_;
  RuleSet rules_;
  Parameters parameters_;
};

TEST_F(SameLetsTest, AreWorthTheSameInAllRules) {
  for (const char* const id : {"own-one", "own-two", "own-three"}) {
    load(id, "", "  inner: 'upper(self.name)'\n  said: '\"topic ${inner}\"'\n");
  }
  EXPECT_THAT(said(), UnorderedElementsAre("own-one: topic A", "own-two: topic A", "own-three: topic A",
                                           "own-one: topic B", "own-two: topic B", "own-three: topic B"));
}

TEST_F(SameLetsTest, HangOnTheNamesInThem) {
  load("own-one", "", "  inner: 'upper(self.name)'\n  said: '\"topic ${inner}\"'\n");
  load("own-two", "", "  inner: 'lower(self.name)'\n  said: '\"topic ${inner}\"'\n");
  load("own-three", "", "  inner: 'lower(self.name)'\n  said: '\"topic ${inner}\"'\n");
  EXPECT_THAT(said(), UnorderedElementsAre("own-one: topic A", "own-two: topic a", "own-three: topic a",
                                           "own-one: topic B", "own-two: topic b", "own-three: topic b"));
}

TEST_F(SameLetsTest, HangOnTheParametersInThem) {
  const auto parameter = [](const std::string& value) {
    return "parameters:\n  mark: {type: string, default: '\"" + value + "\"', description: what stands behind it}\n";
  };
  load("own-one", parameter("1"), "  said: '\"${self.name}${config.mark}\"'\n");
  load("own-two", parameter("2"), "  said: '\"${self.name}${config.mark}\"'\n");
  load("own-three", parameter("2"), "  said: '\"${self.name}${config.mark}\"'\n");
  EXPECT_THAT(said(), UnorderedElementsAre("own-one: a1", "own-two: a2", "own-three: a2", "own-one: b1", "own-two: b2",
                                           "own-three: b2"));
}

TEST_F(SameLetsTest, MayBeAskedForLate) {
  const std::string late = "  inner: 'upper(self.name)'\n  said: 'self.name == \"b\" ? \"late ${inner}\" : \"none\"'\n";
  load("own-one", "", "  inner: 'upper(self.name)'\n  said: 'inner'\n");
  load("own-two", "", late);
  load("own-three", "", late);
  EXPECT_THAT(said(), UnorderedElementsAre("own-one: A", "own-two: none", "own-three: none", "own-one: B",
                                           "own-two: late B", "own-three: late B"));
}

TEST_F(SameLetsTest, SayAnotherThingOfEachItem) {
  const std::string check = "  - each: '[\"x\", \"y\"]'\n    require: 'false'\n    message: '${said}'\n";
  for (const char* const id : {"own-one", "own-two"}) {
    load(id, "", "  inner: '\"${self.name}${item}\"'\n  said: 'upper(inner)'\n", check);
  }
  EXPECT_THAT(said(), UnorderedElementsAre("own-one: AX", "own-one: AY", "own-two: AX", "own-two: AY", "own-one: BX",
                                           "own-one: BY", "own-two: BX", "own-two: BY"));
}

class SharedLetsTest : public testing::Test {
 protected:
  /// What is said by a rule about topics with these parts, of a configuration.
  [[nodiscard]] std::vector<std::string> said(const std::string& lets, const std::string& checks,
                                              const std::string& configuration) {
    RuleSet rules;
    files_.write(
        "rules/own.yaml",
        "id: own\ntitle: topics\nseverity: low\nwhy: of names\ntarget: aws_sns_topic\nlet:\n" + lets + "checks:\n" +
            checks +
            "examples:\n  - bad: |\n      resource \"aws_sns_topic\" \"t\" {\n        name = \"x\"\n      }\n");
    const auto errors = rules.load(files_, "rules/own.yaml");
    EXPECT_THAT(errors, IsEmpty());
    files_.write("x/main.tf", configuration);
    const AnalysisRequest request{files_, {"x"}, rules, parameters_, {}, {}};
    source::ArtifactStore artifacts;
    const auto result = analyze(request, artifacts);
    std::vector<std::string> messages;
    EXPECT_TRUE(result);
    for (const findings::Finding& finding : result ? result->findings : std::vector<findings::Finding>{}) {
      messages.push_back(finding.resource + ": " + finding.message);
    }
    for (const findings::Unresolved& note : result ? result->unresolved : std::vector<findings::Unresolved>{}) {
      messages.push_back(note.resource + "? " + note.message);
    }
    return messages;
  }

  source::MemoryFileSystem files_;
  Parameters parameters_;
};

const std::string kTwoTopics =
    "resource \"aws_sns_topic\" \"a\" {\n  name = \"a\"\n}\n"
    "resource \"aws_sns_topic\" \"b\" {\n  name = \"b\"\n}\n";

TEST_F(SharedLetsTest, AreInDoubtForAllThatIsJudged) {
  // Whether the text is JSON is not known, so that what try() falls back to is no answer, for no topic.
  const std::string check = "  - require: 'try(parsed, [\"x\"]) == [\"x\"]'\n    message: no\n";
  EXPECT_THAT(said("  parsed: '[for q in resources(\"aws_sqs_queue\") : jsondecode(q.name)]'\n", check,
                   kTwoTopics + "variable \"name\" {}\nresource \"aws_sqs_queue\" \"q\" {\n  name = var.name\n}\n"),
              UnorderedElementsAre("aws_sns_topic.a? depends on var.name, which has no value",
                                   "aws_sns_topic.b? depends on var.name, which has no value"));
  // The first check asks for it as well, and the second one is in doubt all the same.
  EXPECT_THAT(said("  parsed: '[for q in resources(\"aws_sqs_queue\") : jsondecode(q.name)]'\n",
                   "  - require: 'try(length(parsed), 1) > 0'\n    message: no\n" + check,
                   kTwoTopics + "variable \"name\" {}\nresource \"aws_sqs_queue\" \"q\" {\n  name = var.name\n}\n"),
              UnorderedElementsAre("aws_sns_topic.a? depends on var.name, which has no value",
                                   "aws_sns_topic.b? depends on var.name, which has no value"));
}

TEST_F(SharedLetsTest, HoldForOneSubjectWhereItWasLookedAt) {
  // The queue exists with the first topic alone: of the second one it is not known whether there is any.
  const std::string configuration =
      "variable \"on\" {}\n"
      "resource \"aws_sns_topic\" \"a\" {\n  count = var.on ? 1 : 0\n  name  = \"a\"\n}\n"
      "resource \"aws_sns_topic\" \"b\" {\n  name = \"b\"\n}\n"
      "resource \"aws_sqs_queue\" \"q\" {\n  count = var.on ? 1 : 0\n  name  = \"q\"\n}\n";
  const std::string lets =
      "  queues: 'resources(\"aws_sqs_queue\")'\n  several: 'length(queues) > 1'\n  again: 'several || length(queues) "
      "> 1'\n";
  const auto messages = said(lets, "  - require: again\n    message: '${length(queues)} of them'\n", configuration);
  EXPECT_THAT(messages, testing::Contains("aws_sns_topic.a[0]: 1 of them"));
  EXPECT_THAT(messages, testing::Contains(testing::StartsWith("aws_sns_topic.b? depends on")));
  EXPECT_EQ(messages.size(), 2U);
}

TEST_F(SharedLetsTest, AreTheSameForAllThatIsJudged) {
  EXPECT_THAT(said("  others: '[for t in resources(\"aws_sns_topic\") : t.name]'\n  all: 'join(\"\", others)'\n",
                   "  - require: 'false'\n    message: '${self.name} of ${all}'\n", kTwoTopics),
              UnorderedElementsAre("aws_sns_topic.a: a of ab", "aws_sns_topic.b: b of ab"));
}

}  // namespace
}  // namespace gabion::engine
