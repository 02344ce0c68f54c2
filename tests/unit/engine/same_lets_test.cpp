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

TEST_F(SameLetsTest, SayAnotherThingOfEachItem) {
  const std::string check = "  - each: '[\"x\", \"y\"]'\n    require: 'false'\n    message: '${said}'\n";
  for (const char* const id : {"own-one", "own-two"}) {
    load(id, "", "  inner: '\"${self.name}${item}\"'\n  said: 'upper(inner)'\n", check);
  }
  EXPECT_THAT(said(), UnorderedElementsAre("own-one: AX", "own-one: AY", "own-two: AX", "own-two: AY", "own-one: BX",
                                           "own-one: BY", "own-two: BX", "own-two: BY"));
}

}  // namespace
}  // namespace gabion::engine
