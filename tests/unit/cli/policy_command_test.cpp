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
  std::uint64_t line = 0;
  for (const json& answer : lines(out.str())) {
    EXPECT_TRUE(answer.contains("error")) << answer;
    EXPECT_EQ(answer.value("line", 0U), ++line);
  }
  EXPECT_EQ(line, 3U);
  EXPECT_EQ(lines(out.str()).at(0).value("column", 0U), 1U);
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

// ---- Several documents. ----

constexpr const char* kRequest =
    R"("request": {"principal": "arn:aws:iam::111122223333:user/bob", "action": "s3:GetObject",
                   "resource": "arn:aws:s3:::b/k", "resource_account": "111122223333"})";

json decide_together(std::string policies) {
  std::string line = R"({"policies": )" + policies + ", " + kRequest + "}\n";
  std::erase(line, '\n');
  std::istringstream in(line);
  std::ostringstream out;
  (void)run_policy_eval(in, out);
  return lines(out.str()).at(0);
}

std::string statement(const std::string& effect, const std::string& more = "") {
  return R"({"Version": "2012-10-17", "Statement": {"Effect": ")" + effect + R"(", "Action": "s3:*", "Resource": "*")" +
         more + "}}";
}

TEST(PolicyEval, AllDocumentsThatApplyTogether) {
  const std::string allow = statement("Allow");
  const std::string deny = statement("Deny");
  const std::string other =
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}})";
  const std::string to_bob = statement("Allow", R"(, "Principal": {"AWS": "arn:aws:iam::111122223333:user/bob"})");
  EXPECT_EQ(decide_together(R"({"identity": [)" + allow + "]}").at("decision"), "Allowed");
  EXPECT_EQ(decide_together(R"({"identity": )" + allow + R"(, "boundary": )" + other + "}").at("decision"),
            "ImplicitlyDenied");
  EXPECT_EQ(
      decide_together(R"({"identity": [)" + allow + R"(], "scp": [[)" + allow + "], [" + other + "]]}").at("decision"),
      "ImplicitlyDenied");
  EXPECT_EQ(
      decide_together(R"({"identity": [)" + allow + R"(], "scp": [)" + allow + ", " + other + "]}").at("decision"),
      "Allowed")
      << "a plain list is one level";
  EXPECT_EQ(decide_together(R"({"identity": [)" + allow + R"(], "session": )" + deny + "}").at("decision"),
            "ExplicitlyDenied");
  EXPECT_EQ(decide_together(R"({"resource": )" + to_bob + R"(, "boundary": )" + other + "}").at("decision"), "Allowed")
      << "what names the user is not limited by an implicit denial of the boundary";
}

TEST(PolicyEval, MistakesInCombinationsAreNamed) {
  EXPECT_THAT(decide_together(R"({"inline": []})").at("error").get<std::string>(), HasSubstr("\"inline\""));
  EXPECT_THAT(decide_together(R"({"identity": ["{"]})").at("error").get<std::string>(), HasSubstr("\"identity\""));
  EXPECT_THAT(decide_together("[]").at("error").get<std::string>(), HasSubstr("no object"));
}

TEST(PolicyEval, OpenPointsOfCombinationsAreNamed) {
  const json answer = decide_together(
      R"({"identity": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*:*", "Resource": "*"}}})");
  EXPECT_EQ(answer.at("hangs_on"), json::array({"actStarColon"}));
}

// ---- Assumptions. ----

TEST(PolicyProve, FactsCanBeSwitchedOff) {
  const PolicyText policy{"p.json", R"({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*",
      "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": ["true", "false"]}}}})"};
  PolicyOptions options;
  options.format = "json";
  options.denies = R"({"action": "s3:*"})";
  const auto ask = [&] {
    std::ostringstream out;
    std::ostringstream err;
    (void)run_policy_prove(policy, options, out, err);
    return lines(out.str()).at(0);
  };
  const json yes = ask();
  EXPECT_EQ(yes.at("answer"), "yes");
  ASSERT_EQ(yes.at("assumed").size(), 1U);
  options.without = {yes.at("assumed").at(0).get<std::string>()};
  EXPECT_EQ(ask().at("answer"), "no");
  options.without.clear();
  options.no_aws_facts = true;
  EXPECT_EQ(ask().at("answer"), "no");
}

// ---- Validate, analyze, compare. ----

constexpr const char* kOdd =
    "{\"Version\": \"2012-10-17\",\n \"Statement\": [\n"
    "  {\"Effect\": \"allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}";

TEST(PolicyValidate, SaysWhereAndHow) {
  const std::vector<PolicyText> policies{{"odd.json", kOdd}};
  PolicyOptions options;
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_validate(policies, options, out, err), kFindings);
  EXPECT_THAT(out.str(), HasSubstr("odd.json:3:14: error: the effect \"allow\" is neither \"Allow\" nor \"Deny\""));
  options.format = "json";
  out.str("");
  EXPECT_EQ(run_policy_validate(policies, options, out, err), kFindings);
  const json answer = json::parse(out.str());
  ASSERT_EQ(answer.at("problems").size(), 1U);
  EXPECT_EQ(answer.at("errors"), 1);
  const json& fix = answer.at("problems").at(0).at("fix");
  std::string fixed = kOdd;
  const auto start = fix.at("start").get<std::size_t>();
  fixed.replace(start, fix.at("end").get<std::size_t>() - start, fix.at("text").get<std::string>());
  const std::vector<PolicyText> again{{"odd.json", fixed}};
  EXPECT_EQ(run_policy_validate(again, options, out, err), kClean) << fixed;
}

TEST(PolicyValidate, BrokenTextHasItsLine) {
  const std::vector<PolicyText> policies{{"broken.json", "{\n  \"Version\": }"}};
  PolicyOptions options;
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_validate(policies, options, out, err), kFindings);
  EXPECT_THAT(out.str(), HasSubstr("broken.json:2:"));
}

TEST(PolicyValidate, KindsAreChecked) {
  const std::vector<PolicyText> policies{{"p.json", "{}"}};
  PolicyOptions options;
  options.kind = "inline";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_validate(policies, options, out, err), kUsage);
  EXPECT_THAT(err.str(), HasSubstr("role-inline"));
}

TEST(PolicyAnalyze, ListsWhatSaysNothing) {
  const std::vector<PolicyText> policies{{"p.json", R"({"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})"}};
  PolicyOptions options;
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_analyze(policies, options, out, err), kFindings);
  EXPECT_THAT(out.str(), HasSubstr("p.json:3:7: redundant: statement 2"));
  options.format = "json";
  out.str("");
  EXPECT_EQ(run_policy_analyze(policies, options, out, err), kFindings);
  EXPECT_EQ(json::parse(out.str()).at("remarks").at(0).at("by"), json::array({1}));
}

TEST(PolicyCompare, TellsBothDirections) {
  const PolicyText old{
      "old.json", R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})"};
  const PolicyText changed{
      "new.json",
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}})"};
  PolicyOptions options;
  options.format = "json";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_policy_compare(old, changed, options, out, err), kClean);
  const json answer = json::parse(out.str());
  EXPECT_EQ(answer.at("answer"), "yes");
  EXPECT_EQ(answer.at("lost").at("answer"), "no");
  EXPECT_EQ(answer.at("equivalent"), "no");
  options.equivalent = true;
  EXPECT_EQ(run_policy_compare(old, changed, options, out, err), kFindings);
  EXPECT_EQ(run_policy_compare(old, old, options, out, err), kClean);
}

}  // namespace
}  // namespace gabion::cli
