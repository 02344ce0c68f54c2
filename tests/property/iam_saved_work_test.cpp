// tests: iam
// Answers about random policies and questions with all that saves work against those without: parts of questions that
// are left out, and answers to earlier questions. Neither changes an answer or its witness.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "iam/answer_memo.h"
#include "iam/prove.h"
#include "property/random.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using property::Random;

/// A key about which there are facts, or that a caller can go without.
struct TestedKey {
  std::string_view name;
  std::vector<std::string> operators;
  std::vector<std::string> values;
  std::string_view test;  ///< of formulas that takes the first value
};

const std::vector<TestedKey>& tested_keys() {
  static const std::vector<TestedKey> kKeys{
      {"aws:SourceIp", {"IpAddress", "NotIpAddress", "IpAddressIfExists"}, {"192.0.2.1/32", "10.0.0.0/8"}, "ip"},
      {"aws:VpcSourceIp", {"IpAddress", "NotIpAddress"}, {"10.0.0.0/8"}, "ip"},
      {"aws:SourceVpc", {"StringEquals", "StringNotEquals", "StringLike"}, {"vpc-1", "<var.vpc>"}, "eq"},
      {"aws:SourceVpce", {"StringEquals", "StringNotEqualsIfExists"}, {"vpce-1", "vpce-2"}, "like"},
      {"aws:PrincipalOrgID", {"StringEquals", "StringNotEquals"}, {"o-1", "<org.id>"}, "eq"},
      {"aws:username", {"StringEquals", "StringNotLike"}, {"bob", "a*"}, "like"},
      {"aws:MultiFactorAuthPresent", {"Bool", "BoolIfExists"}, {"true", "false"}, "eq"},
      {"aws:MultiFactorAuthAge", {"NumericLessThan", "NumericGreaterThanIfExists"}, {"3600", "60"}, "lt"},
      {"aws:SourceArn", {"ArnLike", "ArnNotLike"}, {"arn:aws:sns:*:111122223333:t", "<topic.arn>"}, "arnlike"},
      {"aws:SourceAccount", {"StringEquals", "StringNotEquals"}, {"111122223333", "<own.account_id>"}, "eq"},
      {"aws:PrincipalArn", {"ArnLike", "ArnNotLike"}, {"arn:aws:iam::*:user/*", "<role.r.arn>"}, "arnlike"},
      {"aws:PrincipalAccount", {"StringEquals", "StringNotEquals"}, {"111122223333", "<own.account_id>"}, "eq"},
      {"aws:PrincipalIsAWSService", {"Bool", "BoolIfExists"}, {"true", "false"}, "eq"},
      {"aws:SecureTransport", {"Bool", "BoolIfExists"}, {"true", "false"}, "eq"},
      {"aws:CurrentTime", {"DateLessThan", "DateGreaterThan"}, {"2020-01-01T00:00:00Z"}, "before"},
      {"s3:prefix", {"StringEquals", "StringNotLike"}, {"home/", "<var.prefix>", "${aws:username}/*"}, "eq"},
  };
  return kKeys;
}

std::string in_quotes(std::string_view text) {
  return '"' + std::string(text) + '"';
}

std::string list(Random& random, const std::vector<std::string>& from) {
  const std::string one = in_quotes(random.pick(from));
  return random.chance(65) ? one : "[" + one + ", " + in_quotes(random.pick(from)) + "]";
}

std::string condition(Random& random) {
  const TestedKey& key = random.pick(tested_keys());
  if (random.chance(15)) {
    return R"({"Null": {)" + in_quotes(key.name) + (random.chance(50) ? R"(: "true"}})" : R"(: "false"}})");
  }
  return "{" + in_quotes(random.pick(key.operators)) + ": {" + in_quotes(key.name) + ": " + list(random, key.values) +
         "}}";
}

std::string statement(Random& random) {
  static const std::vector<std::string> kActions{"s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "*", "sqs:*"};
  static const std::vector<std::string> kResources{"*", "arn:aws:s3:::b/*", "arn:aws:s3:::c/x", "<bucket.b.arn>/*",
                                                   "arn:aws:s3:::b/${aws:username}/*"};
  static const std::vector<std::string> kPrincipals{
      R"("*")",
      R"({"AWS": "111122223333"})",
      R"({"AWS": "arn:aws:iam::111122223333:role/r"})",
      R"({"AWS": ["arn:aws:iam::111122223333:user/bob", "444455556666"]})",
      R"({"Service": ["sns.amazonaws.com", "<var.service>"]})",
      R"({"AWS": "arn:aws:iam::<own.account_id>:root"})",
      R"({"AWS": "<var.who>"})",
      R"({"Federated": "accounts.google.com"})"};
  std::string text = random.chance(50) ? R"({"Effect": "Allow")" : R"({"Effect": "Deny")";
  text += (random.chance(90) ? R"(, "Action": )" : R"(, "NotAction": )") + list(random, kActions);
  text += R"(, "Principal": )" + random.pick(kPrincipals);
  text += (random.chance(90) ? R"(, "Resource": )" : R"(, "NotResource": )") + list(random, kResources);
  return text + (random.chance(70) ? R"(, "Condition": )" + condition(random) : "") + "}";
}

std::string test_of_key(Random& random) {
  const TestedKey& key = random.pick(tested_keys());
  const std::string absent = R"({"absent": )" + in_quotes(key.name) + "}";
  const std::string test =
      "{" + in_quotes(key.test) + ": [" + in_quotes(key.name) + ", " + in_quotes(key.values.front()) + "]}";
  switch (random.below(5)) {
    case 0:
      return absent;
    case 1:
      return test;
    case 2:
      return R"({"any": [)" + absent + ", " + test + "]}";
    case 3:
      return R"({"any": [)" + absent + R"(, {"absent": )" + in_quotes(random.pick(tested_keys()).name) + "}]}";
    default:
      return R"({"not": )" + test + "}";
  }
}

std::string question(Random& random) {
  static const std::vector<std::string> kActions{R"({"action": "s3:GetObject"})", R"({"action": "s3:GetObject"})",
                                                 R"({"action": ["s3:GetObject", "s3:PutObject"]})",
                                                 R"({"action": "s3:*"})"};
  static const std::vector<std::string> kCallers{
      R"({"principal": {"type": ["user", "role"], "account": "000000000000"}})",
      R"({"principal": {"type": ["user", "session", "service"]}})",
      R"({"not": {"principal": {"type": "anonymous"}}})",
      R"({"principal": {"account": "111122223333"}})",
      R"({"principal": {"is": "arn:aws:iam::111122223333:role/r"}})",
      R"({"any": [{"principal": {"type": "service"}}, {"principal": {"type": "user"}}]})"};
  std::string text = R"({"all": [)" + random.pick(kActions);
  text += random.chance(50) ? ", " + random.pick(kCallers) : "";
  text += random.chance(25) ? R"(, {"resource": "arn:aws:s3:::b/*"})" : "";
  for (std::size_t tests = random.below(4); tests > 0; --tests) {
    text += ", " + test_of_key(random);
  }
  return text + "]}";
}

void expect_same(const Proof& found, const Proof& wanted, const std::string& about) {
  EXPECT_EQ(found.answer, wanted.answer) << about;
  EXPECT_EQ(found.witness, wanted.witness) << about;
  EXPECT_EQ(found.absent, wanted.absent) << about;
  EXPECT_EQ(found.because, wanted.because) << about;
  EXPECT_EQ(found.statement, wanted.statement) << about;
  EXPECT_EQ(found.holes, wanted.holes) << about;
}

TEST(IamSavedWork, ChangesNoAnswer) {
  AnswerMemo memo;
  Assumptions all;
  Assumptions needed;  // with what an answer hangs on left out, parts of questions may be
  needed.name_assumed = false;
  Assumptions remembering = needed;
  remembering.answers = &memo;
  std::size_t yes = 0;
  std::size_t no = 0;
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    // Policies of which the same may be left.
    const std::string first = statement(random);
    std::vector<std::string> policies{first, first + ", " + statement(random)};
    policies.push_back(policies.back() + ", " + statement(random));
    const std::string asked = question(random);
    const Formula formula = testing::formula(asked);
    for (const std::string& policy : policies) {
      const std::string about = "seed " + std::to_string(seed) + "\n" + policy + "\n" + asked;
      const PolicyDocument document = testing::statements(policy);
      const auto check = [&](const auto& prove) {
        const Proof proof = prove(needed);
        expect_same(prove(remembering), proof, about);
        expect_same(proof, prove(all), about);
        yes += proof.answer == Truth::kYes ? 1 : 0;
        no += proof.answer == Truth::kNo ? 1 : 0;
      };
      check([&](const Assumptions& given) { return prove_denies(document, PolicyKind::kResource, formula, given); });
      check([&](const Assumptions& given) {
        return prove_never_allows(document, PolicyKind::kResource, formula, given);
      });
    }
  }
  EXPECT_GT(yes, 500U);
  EXPECT_GT(no, 500U);
}

}  // namespace
}  // namespace gabion::iam
