// What is remembered of judgements that had nothing to say, from one analysis to the next: nothing may get lost by it.
#include "engine/quiet_memo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/analysis.h"
#include "engine/analysis_memory.h"

namespace gabion::engine {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// A resource or block with a label or two.
std::string block(const std::string& kind) {
  return kind + " {\n  value = \"x\"\n}\n";
}

class QuietMemoTest : public testing::Test {
 protected:
  void load(const std::string& target) {
    files_.write("rules/own.yaml",
                 "id: own-names\n"
                 "title: names are those that were agreed on\n"
                 "severity: low\n"
                 "why: they are looked for by name\n"
                 "target: " +
                     target +
                     "\n"
                     "parameters:\n"
                     "  names: {type: list(string), default: \"[]\", description: names that there may be}\n"
                     "checks:\n"
                     "  - given: length(config.names) > 0\n"
                     "    require: contains(config.names, self.name)\n"
                     "    message: the name is another one\n"
                     "  - require: try(self.display_name, \"\") != \"bad\"\n"
                     "    message: the name is bad\n"
                     "examples:\n"
                     "  - good: |\n"
                     "      resource \"aws_sns_topic\" \"t\" {\n"
                     "        name = \"x\"\n"
                     "      }\n");
    const auto errors = rules_.load(files_, "rules/own.yaml");
    ASSERT_THAT(errors, IsEmpty()) << errors.front().message;
  }

  [[nodiscard]] AnalysisResult analyzed(std::vector<std::string> paths = {"x"},
                                        std::uint64_t max_findings = kMostFindings) {
    AnalysisRequest request{files_, std::move(paths), rules_, parameters_, {}, {}};
    if (memory_ == nullptr) {
      memory_ = std::make_unique<AnalysisMemory>(rules_, parameters_);
    }
    request.memory = memory_.get();
    request.max_findings = max_findings;
    auto result = analyze(request, memory_->artifacts());
    EXPECT_TRUE(result);
    return result ? *result : AnalysisResult{};
  }

  source::MemoryFileSystem files_;
  RuleSet rules_;
  Parameters parameters_;
  std::unique_ptr<AnalysisMemory> memory_;
};

TEST_F(QuietMemoTest, SaysWhatWasSaidOfAnotherConfigurationBefore) {
  load("aws_sns_topic");
  files_.write("x/a/main.tf", block("resource \"aws_sns_topic\" \"a\""));
  files_.write("x/b/main.tf", block("resource \"aws_sns_topic\" \"b\""));
  EXPECT_THAT(analyzed().unresolved, SizeIs(1));
  files_.write("x/a/main.tf", "locals {}\n");
  EXPECT_THAT(analyzed().unresolved, SizeIs(1));
}

TEST_F(QuietMemoTest, SaysWhatWasSaidOfAnotherBlockBefore) {
  load("output");
  files_.write("x/main.tf", block("output \"a\"") + block("output \"b\""));
  EXPECT_THAT(analyzed().unresolved, SizeIs(1));
  files_.write("x/main.tf", block("output \"b\""));
  EXPECT_THAT(analyzed().unresolved, SizeIs(1));
}

TEST_F(QuietMemoTest, TellsApartWhatRulesReadOfBlocks) {
  load("output");
  files_.write("x/main.tf",
               "output \"a\" {\n  name = \"x\"\n  display_name = \"good\"\n}\n"
               "output \"b\" {\n  name = \"x\"\n  display_name = \"bad\"\n}\n"
               "output \"c\" {\n  name = \"x\"\n  display_name = \"bad\"\n  description = \"another\"\n}\n");
  EXPECT_THAT(analyzed().findings, SizeIs(2));
}

/// Blocks judged by what their headers name and by a nested block.
TEST_F(QuietMemoTest, TellsApartHeadersAndNestedBlocks) {
  files_.write("rules/own.yaml",
               "id: own-providers\n"
               "title: providers are those that were agreed on\n"
               "severity: low\n"
               "why: they are looked for by name\n"
               "target: provider\n"
               "let:\n"
               "  inner: 'self.inner == null ? [] : self.inner'\n"
               "checks:\n"
               "  - require: label(self) != \"bad\"\n"
               "    message: the name is bad\n"
               "  - require: 'length([for b in inner : b if b.bad]) == 0'\n"
               "    message: what is inside is bad\n"
               "examples:\n"
               "  - good: |\n"
               "      provider \"aws\" {\n"
               "        region = \"eu-west-1\"\n"
               "      }\n");
  const auto errors = rules_.load(files_, "rules/own.yaml");
  ASSERT_THAT(errors, IsEmpty()) << errors.front().message;
  const auto provider = [](const std::string& name, const std::string& inside) {
    return "provider \"" + name + "\" {\n  inner {\n    bad = " + inside + "\n  }\n}\n";
  };
  files_.write("x/main.tf", provider("good", "false") + provider("bad", "false") + provider("better", "true"));
  EXPECT_THAT(analyzed().findings, SizeIs(2));
}

/// Rules whose checks begin with what headers name: blocks with other names are left out, the rest is judged as it is.
class GateTest : public QuietMemoTest {
 protected:
  void load_checks(const std::string& checks) {
    files_.write(
        "rules/own.yaml",
        "id: own-providers\ntitle: providers are good\nseverity: low\nwhy: bad ones are bad\ntarget: provider\n"
        "parameters:\n  names: {type: list(string), default: \"[]\", description: names that there may be}\n"
        "let:\n  first: 'label(self) == \"first\"'\n"
        "checks:\n" +
            checks + "examples:\n  - good: |\n      provider \"aws\" {\n        region = \"eu-west-1\"\n      }\n");
    const auto errors = rules_.load(files_, "rules/own.yaml");
    ASSERT_THAT(errors, IsEmpty()) << errors.front().message;
  }
  static std::string provider(const std::string& name, const std::string& bad) {
    return "provider \"" + name + "\" {\n  alias = \"" + bad + "\"\n  bad   = " + bad + "\n}\n";
  }
};

TEST_F(GateTest, LeavesOutOtherNamesAlone) {
  load_checks(
      "  - given: 'first && self.bad == true'\n    require: \"false\"\n    message: the first is bad\n"
      "  - given: '((label(self) == \"other\" && true)) && self.bad == true'\n    require: \"false\"\n"
      "    message: the other is bad\n");
  files_.write("x/main.tf", provider("first", "false") + provider("third", "true") + provider("first", "true") +
                                provider("other", "false") + provider("third", "false") + provider("other", "true"));
  EXPECT_THAT(analyzed().findings, SizeIs(2));
  EXPECT_THAT(analyzed().findings, SizeIs(2));
}

TEST_F(GateTest, SaysWhichParametersAreMissingAllTheSame) {
  load_checks(
      "  - given: 'first && length(config.names) > 0'\n    require: contains(config.names, self.name)\n"
      "    message: the name is another one\n");
  files_.write("x/main.tf", provider("third", "true"));
  EXPECT_THAT(analyzed().unresolved, SizeIs(1));
  EXPECT_THAT(analyzed().unresolved, SizeIs(1));
}

TEST_F(GateTest, IsNoneWhereOtherChecksHaveNone) {
  load_checks(
      "  - given: 'first'\n    require: \"false\"\n    message: the first is bad\n"
      "  - require: self.bad != true\n    message: this one is bad\n");
  files_.write("x/main.tf", provider("first", "false") + provider("third", "true"));
  EXPECT_THAT(analyzed().findings, SizeIs(2));
}

TEST_F(QuietMemoTest, SaysThatThereIsTooMuchEachTime) {
  load("aws_sns_topic");
  std::string topics;
  for (int i = 0; i < 4; ++i) {
    topics += "variable \"v" + std::to_string(i) + "\" {}\nresource \"aws_sns_topic\" \"t" + std::to_string(i) +
              "\" {\n  display_name = var.v" + std::to_string(i) + "\n}\n";
  }
  files_.write("x/main.tf", topics);
  const AnalysisResult first = analyzed({"x"}, 2);
  EXPECT_THAT(first.unresolved, SizeIs(2));
  EXPECT_THAT(first.diagnostics, SizeIs(1));
  const AnalysisResult second = analyzed({"x"}, 2);
  EXPECT_THAT(second.unresolved, SizeIs(2));
  EXPECT_THAT(second.diagnostics, SizeIs(1));
}

}  // namespace
}  // namespace gabion::engine
