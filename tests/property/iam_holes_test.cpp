// tests: iam
// Answers about policies with unknown texts against answers about what they may turn out to be: knowing more never
// contradicts an earlier yes or no.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "iam/prove.h"
#include "property/random.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using property::Random;

/// Unknown texts, and what they may be.
const std::map<std::string, std::vector<std::string>>& fillings() {
  static const std::map<std::string, std::vector<std::string>> kFillings{
      {"aws_s3_bucket.b.arn", {"arn:aws:s3:::b", "arn:aws:s3:::c", "arn:aws:s3:::ab"}},
      {"aws_s3_bucket.o.arn", {"arn:aws:s3:::b", "arn:aws:s3:::d"}},
      {"bucket.id", {"b", "c", "ab"}},
      {"var.text", {"a", "b", "a*", "*"}},
      {"var.name", {"GetObject", "PutObject", "ListBucket"}},
      {"var.action", {"s3:GetObject", "s3:*", "*", "iam:PassRole"}},
      {"own.account_id", {"111122223333", "444455556666", "999900001111"}},
      {"aws_iam_role.r.arn", {"arn:aws:iam::111122223333:role/r", "arn:aws:iam::444455556666:role/path/r"}},
      {"var.service", {"ec2.amazonaws.com", "lambda.amazonaws.com"}},
      {"var.provider", {"arn:aws:iam::111122223333:saml-provider/p", "accounts.google.com"}},
      {"var.principal", {"*", "111122223333", "arn:aws:iam::111122223333:user/u"}},
  };
  return kFillings;
}

const std::vector<std::string> kActions{"s3:*", "s3:GetObject", "s3:<var.name>", "<var.action>", "*"};
const std::vector<std::string> kResources{"<aws_s3_bucket.b.arn>",   "<aws_s3_bucket.b.arn>/*",
                                          "<aws_s3_bucket.o.arn>/*", "arn:aws:s3:::<bucket.id>/*",
                                          "arn:aws:s3:::b/*",        "*"};
const std::vector<std::string> kTexts{"a", "<var.text>", "b", "a*"};
const std::vector<std::string> kPrincipals{R"("*")",
                                           R"({"AWS":"arn:aws:iam::<own.account_id>:root"})",
                                           R"({"AWS":"<aws_iam_role.r.arn>"})",
                                           R"({"AWS":"<var.principal>"})",
                                           R"({"AWS":"111122223333"})",
                                           R"({"Service":"<var.service>"})",
                                           R"({"Service":"ec2.amazonaws.com"})",
                                           R"({"Service":["lambda.amazonaws.com","<var.service>"]})",
                                           R"({"Federated":"<var.provider>"})",
                                           R"({"Federated":"arn:aws:iam::111122223333:saml-provider/p"})",
                                           R"({"AWS":["arn:aws:iam::111122223333:role/r","<own.account_id>"]})"};
const std::vector<std::string> kOperators{"StringEquals",          "StringNotEquals",      "StringLike",
                                          "StringNotLike",         "StringEqualsIfExists", "ForAllValues:StringEquals",
                                          "ForAnyValue:StringLike"};

const std::vector<std::string> kArnOperators{"ArnEquals",     "ArnNotEquals", "ArnLike",        "ArnNotLike",
                                             "StringNotLike", "StringEquals", "StringNotEquals"};
const std::vector<std::string> kAccountOperators{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike"};
const std::vector<std::string> kAccounts{"111122223333", "<own.account_id>", "444455556666", "1111*"};
const std::vector<std::string> kPrincipalArns{"arn:aws:iam::111122223333:role/r",
                                              "arn:aws:iam::<own.account_id>:role/r",
                                              "<aws_iam_role.r.arn>",
                                              "arn:aws:iam::444455556666:user/u",
                                              "arn:aws:iam::*:role/r",
                                              "arn:aws:iam::444455556666:role/path/r"};

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string list(Random& random, const std::vector<std::string>& from) {
  if (random.chance(60)) {
    return quoted(random.pick(from));
  }
  return "[" + quoted(random.pick(from)) + "," + quoted(random.pick(from)) + "]";
}

std::string statement(Random& random, bool principals) {
  std::string out = R"({"Effect":)" + quoted(random.chance(50) ? "Allow" : "Deny");
  out += (random.chance(85) ? R"(,"Action":)" : R"(,"NotAction":)") + list(random, kActions);
  if (principals) {
    const std::string& who = random.pick(kPrincipals);
    out += (random.chance(85) || who.front() == '"' ? R"(,"Principal":)" : R"(,"NotPrincipal":)") + who;
  }
  out += (random.chance(80) ? R"(,"Resource":)" : R"(,"NotResource":)") + list(random, kResources);
  if (random.chance(50)) {
    const std::string& op = random.pick(kOperators);
    out += R"(,"Condition":{)" + quoted(op) + ":{" + quoted(op.find(':') == std::string::npos ? "k:text" : "k:list") +
           ":" + list(random, kTexts) + "}}";
  } else if (principals && random.chance(15)) {
    out += R"(,"Condition":{)" + quoted(random.pick(kAccountOperators)) + R"(:{"aws:PrincipalAccount":)" +
           list(random, kAccounts) + "}}";
  } else if (principals && random.chance(70)) {
    out += R"(,"Condition":{)" + quoted(random.pick(kArnOperators)) + R"(:{"aws:PrincipalArn":)" +
           list(random, kPrincipalArns) + "}}";
  }
  return out + "}";
}

std::string policy(Random& random, bool principals) {
  std::string out = R"({"Version":"2012-10-17","Statement":[)" + statement(random, principals);
  for (std::size_t more = random.below(2); more > 0; --more) {
    out += "," + statement(random, principals);
  }
  return out + "]}";
}

std::string formula(Random& random) {
  std::vector<std::string> parts;
  if (random.chance(60)) {
    parts.push_back(R"({"action":)" + list(random, {"s3:*", "s3:GetObject", "s3:<var.name>"}) + "}");
  }
  if (random.chance(70)) {
    const std::string resource = R"({"resource":)" + list(random, kResources) + "}";
    parts.push_back(random.chance(85) ? resource : R"({"not":)" + resource + "}");
  }
  if (random.chance(40)) {
    static const std::vector<std::string> kCallers{R"({"principal":{"type":"user"}})",
                                                   R"({"principal":{"type":["role","session"]}})",
                                                   R"({"principal":{"type":"role"}})",
                                                   R"({"principal":{"is":"<aws_iam_role.r.arn>"}})",
                                                   R"({"principal":{"account":"<own.account_id>"}})",
                                                   R"({"not":{"principal":{"account":"<own.account_id>"}}})",
                                                   R"({"principal":{"type":"anonymous"}})",
                                                   R"({"principal":{"type":"service"}})",
                                                   R"({"principal":{"is":"ec2.amazonaws.com"}})",
                                                   R"({"not":{"principal":{"is":"ec2.amazonaws.com"}}})",
                                                   R"({"principal":{"is":"accounts.google.com"}})",
                                                   R"({"principal":{"is":"arn:aws:iam::111122223333:role/r"}})",
                                                   R"({"principal":{"account":"111122223333"}})"};
    parts.push_back(random.pick(kCallers));
  }
  if (random.chance(40)) {
    static const std::vector<std::string> kTests{R"({"eq":["k:text","<var.text>"]})", R"({"eq":["k:text","a"]})",
                                                 R"({"not":{"eq":["k:text","a"]}})", R"({"absent":"k:text"})",
                                                 R"({"present":"k:list"})"};
    parts.push_back(random.pick(kTests));
  }
  std::string out = R"({"all":[)";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += (i == 0 ? "" : ",") + parts[i];
  }
  return out + "]}";
}

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string hole = "<" + name + ">";
    for (std::size_t at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size())) {
      text.replace(at, hole.size(), value);
    }
  }
  return text;
}

struct Counts {
  std::size_t yes = 0;
  std::size_t no = 0;
  std::size_t unknown = 0;
};

void check(std::uint32_t seed, bool denies, Counts& counts) {
  Random random(seed);
  const bool principals = random.chance(60);
  const PolicyKind kind = principals ? PolicyKind::kResource : PolicyKind::kIdentity;
  const std::string policy_text = policy(random, principals);
  const std::string formula_text = formula(random);
  const bool facts = policy_text.find("aws:") != std::string::npos && random.chance(50);
  const auto ask = [&](const std::string& document, const std::string& scope) {
    Assumptions assumptions;
    assumptions.aws = facts;
    assumptions.keys.push_back(
        KeyFact{.key = "k:text", .type = KeyType::kString, .always = false, .multivalued = false, .only = {}});
    assumptions.keys.push_back(
        KeyFact{.key = "k:list", .type = KeyType::kString, .always = false, .multivalued = true, .only = {}});
    const PolicyDocument read = testing::document(document);
    const Formula asked = testing::formula(scope);
    return denies ? prove_denies(read, kind, asked, assumptions) : prove_never_allows(read, kind, asked, assumptions);
  };
  const Proof proof = ask(policy_text, formula_text);
  counts.yes += proof.answer == Truth::kYes ? 1 : 0;
  counts.no += proof.answer == Truth::kNo ? 1 : 0;
  counts.unknown += proof.answer == Truth::kUnknown ? 1 : 0;
  if (proof.answer == Truth::kUnknown) {
    return;
  }
  constexpr int kFillings = 8;
  for (int i = 0; i < kFillings; ++i) {
    std::map<std::string, std::string> values;
    for (const auto& [name, texts] : fillings()) {
      values.emplace(name, random.pick(texts));
    }
    const Proof known = ask(filled(policy_text, values), filled(formula_text, values));
    if (known.answer == Truth::kUnknown) {
      continue;  // an open point, or a value that is not found
    }
    ASSERT_EQ(known.answer, proof.answer)
        << "seed " << seed << "\n"
        << policy_text << "\n"
        << formula_text << "\n"
        << filled(policy_text, values) << "\n"
        << filled(formula_text, values) << "\n"
        << proof.because << "; " << known.because
        << (proof.witness
                ? "\n" + proof.witness->principal + " " + proof.witness->action + " " + proof.witness->resource
                : "");
  }
}

void run(bool denies, std::uint32_t first) {
  const char* more = std::getenv("GABION_CASES");
  const std::uint32_t cases = more != nullptr ? static_cast<std::uint32_t>(std::stoul(more)) : 500;
  Counts counts;
  for (std::uint32_t seed = first; seed < first + cases; ++seed) {
    check(seed, denies, counts);
    if (::testing::Test::HasFatalFailure()) {
      return;
    }
  }
  std::cout << counts.yes << " yes, " << counts.no << " no, " << counts.unknown << " unknown\n";
  EXPECT_GT(counts.yes, cases / 50);
  EXPECT_GT(counts.no, cases / 20);
  EXPECT_LT(counts.unknown, cases * 2 / 3);
}

TEST(IamHoles, KnowingMoreKeepsDenials) {
  run(true, 1);
}
TEST(IamHoles, KnowingMoreKeepsWhatIsNeverAllowed) {
  run(false, 1'000'000);
}

}  // namespace
}  // namespace gabion::iam
