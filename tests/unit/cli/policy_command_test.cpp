#include "cli/policy_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/exit_status.h"

namespace gabion::cli {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kTrust =
    R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"},
        "Action": "sts:AssumeRole", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}]})";

std::vector<json> lines(const std::string& text) {
  std::vector<json> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    out.push_back(json::parse(line));
  }
  return out;
}

TEST(PolicyEval, DecidesALineAfterTheOther) {
  std::istringstream in(
      R"({"policy": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}, "request": {"principal": "arn:aws:iam::111122223333:user/bob", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "context": {}}})"
      "\n\n"
      R"({"policy": {"Statement": []}, "request": {"action": "s3:GetObject", "resource": "*", "principal": "anonymous"}})"
      "\n"
      R"({"policy": "{\"Statement\": [{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}]}", "request": {"action": "s3:GetObject"}})"
      "\n");
  std::ostringstream out;
  EXPECT_EQ(run_policy_eval(in, out), kClean);
  const std::vector<json> answers = lines(out.str());
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].at("decision"), "Allowed");
  EXPECT_EQ(answers[1].at("decision"), "ImplicitlyDenied");
  EXPECT_EQ(answers[2].at("decision"), "ExplicitlyDenied");
}

TEST(PolicyEval, NullContextValuesAreAbsentKeys) {
  std::istringstream in(
      R"({"policy": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:TokenIssueTime": "true"}}}}, "request": {"action": "s3:GetObject", "resource": "*", "principal": "anonymous", "context": {"aws:TokenIssueTime": null}}})");
  std::ostringstream out;
  EXPECT_EQ(run_policy_eval(in, out), kClean);
  EXPECT_EQ(lines(out.str()).at(0).at("decision"), "Allowed");
}

TEST(PolicyEval, BadLinesAreAnswered) {
  std::istringstream in("{\n[]\n{\"policy\": \"{\", \"request\": {\"action\": \"a:b\"}}\n");
  std::ostringstream out;
  EXPECT_EQ(run_policy_eval(in, out), kUsage);
  for (const json& answer : lines(out.str())) {
    EXPECT_TRUE(answer.contains("error")) << answer;
  }
}

TEST(PolicyProve, ShowsTheRequestThatSlipsThrough) {
  PolicyOptions options;
  options.kind = "trust";
  options.format = "json";
  options.never_allows =
      R"({"all": [{"principal": {"type": "user"}}, {"not": {"eq": ["aws:MultiFactorAuthPresent", "true"]}}]})";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_prove({"trust.json", kTrust}, options, out, err), kFindings);
  const json answer = json::parse(out.str());
  EXPECT_EQ(answer.at("answer"), "no");
  EXPECT_EQ(answer.at("witness").at("action"), "sts:AssumeRole");
  EXPECT_TRUE(answer.at("witness").at("resource").is_null());
  EXPECT_TRUE(answer.at("witness").at("context").at("aws:MultiFactorAuthPresent").is_null());
  EXPECT_EQ(err.str(), "");
}

TEST(PolicyProve, TakesFactsAndKeys) {
  PolicyOptions options;
  options.kind = "trust";
  options.format = "json";
  options.never_allows = R"({"not": {"eq": ["aws:MultiFactorAuthPresent", "true"]}})";
  options.keys = R"({"aws:MultiFactorAuthPresent": {"always": true}})";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_prove({"trust.json", kTrust}, options, out, err), kClean);
  EXPECT_EQ(json::parse(out.str()).at("answer"), "yes");
}

TEST(PolicyProve, SaysWhatIsWrongWithTheQuestion) {
  std::ostringstream out;
  std::ostringstream err;
  PolicyOptions options;
  EXPECT_EQ(run_policy_prove({"p.json", "{}"}, options, out, err), kUsage);
  options.denies = R"({"eqals": ["a", "b"]})";
  EXPECT_EQ(run_policy_prove({"p.json", "{}"}, options, out, err), kUsage);
  EXPECT_THAT(err.str(), HasSubstr("\"eqals\" is no operator"));
}

TEST(PolicyProve, AnswersInJsonEvenWithoutAPolicy) {
  PolicyOptions options;
  options.denies = R"({"true": 1})";
  options.format = "json";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_prove({"p.json", "{"}, options, out, err), kIncomplete);
  EXPECT_EQ(json::parse(out.str()).at("answer"), "unknown");
  EXPECT_THAT(err.str(), HasSubstr("p.json"));
}

TEST(PolicyCompare, FindsWhatIsNew) {
  const PolicyText old{"old.json", R"({"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}})"};
  const PolicyText changed{"new.json", R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})"};
  PolicyOptions options;
  options.format = "json";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_compare(old, changed, options, out, err), kFindings);
  EXPECT_EQ(json::parse(out.str()).at("answer"), "no");
  EXPECT_TRUE(json::parse(out.str()).at("witness").is_object());
  out.str("");
  EXPECT_EQ(run_policy_compare(changed, old, options, out, err), kClean);
  EXPECT_EQ(json::parse(out.str()).at("answer"), "yes");
  EXPECT_TRUE(json::parse(out.str()).at("witness").is_null());
}

}  // namespace
}  // namespace gabion::cli
