// tests: iam
// The prover against brute force: random small policies and formulas, every request of a finite domain decided one by
// one. A proof must have no counterexample in the domain, a witness must be one, and what brute force finds must not
// be proven away.
#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "iam/compare.h"
#include "iam/prove.h"
#include "property/random.h"

namespace gabion::iam {
namespace {

using property::Random;

/// Same numbers on every platform.
const std::vector<std::string> kActions{"s3:*", "s3:Get*", "s3:PutObject", "s3:?etObject", "*", "iam:*"};
const std::vector<std::string> kResources{
    "arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b*", "arn:aws:s3:::b/${k:name}", "*", "arn:aws:s3:*:*:c?"};
const std::vector<std::string> kTexts{"a", "b", "ab", "a*", "A", "${k:name}", "*b"};
const std::vector<std::string> kNumbers{"1", "2", "1.5", "10"};
const std::vector<std::string> kAddresses{"10.0.0.0/8", "10.1.0.0/16", "192.0.2.1", "2001:db8::/32"};
const std::vector<std::string> kDates{"2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"};
const std::vector<std::string> kArns{"arn:aws:iam::111122223333:role/a*", "arn:aws:iam::*:role/ab",
                                     "arn:aws:iam::111122223333:*"};
const std::vector<std::string> kPrincipals{
    R"("*")", R"({"AWS":"111122223333"})", R"({"AWS":"arn:aws:iam::111122223333:role/r"})",
    R"({"Service":"ec2.amazonaws.com"})", R"({"AWS":["arn:aws:iam::111122223333:user/u","444455556666"]})"};

std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string list(Random& random, const std::vector<std::string>& from) {
  if (random.chance(60)) {
    return quoted(random.pick(from));
  }
  return "[" + quoted(random.pick(from)) + "," + quoted(random.pick(from)) + "]";
}

/// One "Operator":{"key":values}, over keys of different types.
std::string condition(Random& random) {
  std::string prefix;
  std::string suffix = random.chance(25) ? "IfExists" : "";
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2: {
      static const std::vector<std::string> kOperators{
          "StringEquals",  "StringNotEquals",        "StringLike",
          "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"};
      const bool multivalued = random.chance(35);
      if (multivalued) {
        prefix = random.chance(50) ? "ForAllValues:" : "ForAnyValue:";
      }
      return quoted(prefix + random.pick(kOperators) + suffix) + ":{" + quoted(multivalued ? "k:list" : "k:text") +
             ":" + list(random, kTexts) + "}";
    }
    case 3: {
      static const std::vector<std::string> kOperators{"NumericEquals",      "NumericNotEquals",
                                                       "NumericLessThan",    "NumericLessThanEquals",
                                                       "NumericGreaterThan", "NumericGreaterThanEquals"};
      return quoted(random.pick(kOperators) + suffix) + ":{\"k:number\":" + list(random, kNumbers) + "}";
    }
    case 4: {
      static const std::vector<std::string> kOperators{"IpAddress", "NotIpAddress"};
      return quoted(random.pick(kOperators) + suffix) + ":{\"k:ip\":" + list(random, kAddresses) + "}";
    }
    case 5: {
      static const std::vector<std::string> kOperators{"DateEquals", "DateNotEquals", "DateLessThan",
                                                       "DateGreaterThanEquals"};
      return quoted(random.pick(kOperators) + suffix) + ":{\"k:date\":" + list(random, kDates) + "}";
    }
    case 6: {
      static const std::vector<std::string> kOperators{"ArnLike", "ArnNotLike"};
      return quoted(random.pick(kOperators) + suffix) + ":{\"k:arn\":" + list(random, kArns) + "}";
    }
    default: {
      static const std::vector<std::string> kKeys{"k:text", "k:list", "k:number", "k:flag"};
      if (random.chance(50)) {
        return R"("Bool)" + suffix + R"(":{"k:flag":)" + quoted(random.chance(50) ? "true" : "false") + "}";
      }
      return R"("Null":{)" + quoted(random.pick(kKeys)) + ":" + quoted(random.chance(50) ? "true" : "false") + "}";
    }
  }
}

std::string statement(Random& random, bool principals, std::size_t denies) {
  std::string out = R"({"Effect":)";
  out += quoted(random.chance(denies) ? "Deny" : "Allow");
  out += random.chance(85) ? R"(,"Action":)" : R"(,"NotAction":)";
  out += list(random, kActions);
  if (principals) {
    out += random.chance(85) ? R"(,"Principal":)" : R"(,"NotPrincipal":)";
    std::string who = random.pick(kPrincipals);
    out += who == "\"*\"" && out.ends_with("NotPrincipal\":") ? kPrincipals[1] : who;
  }
  out += random.chance(85) ? R"(,"Resource":)" : R"(,"NotResource":)";
  out += list(random, kResources);
  if (random.chance(80)) {
    out += R"(,"Condition":{)" + condition(random);
    if (random.chance(35)) {
      std::string second = condition(random);
      const std::string name = second.substr(0, second.find(':', second.find('"', 1)));
      if (out.find(name + ":") == std::string::npos) {
        out += "," + second;
      }
    }
    out += "}";
  }
  return out + "}";
}

std::string policy(Random& random, bool principals, std::size_t denies) {
  std::string out = R"({"Version":"2012-10-17","Statement":[)" + statement(random, principals, denies);
  const std::size_t more = random.below(3);
  for (std::size_t i = 0; i < more; ++i) {
    out += "," + statement(random, principals, denies);
  }
  return out + "]}";
}

std::string formula(Random& random, int depth) {
  const std::size_t choice = random.below(depth > 0 ? 13 : 10);
  switch (choice) {
    case 0:
      return R"({"action":)" + list(random, kActions) + "}";
    case 1: {
      static const std::vector<std::string> kPlain{"arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::*"};
      return R"({"resource":)" + list(random, kPlain) + "}";
    }
    case 2:
      return std::string("{") + (random.chance(50) ? R"("absent":)" : R"("present":)") +
             (random.chance(50) ? R"("k:text"})" : R"("k:number"})");
    case 3:
      return R"({"eq":["k:text",)" + quoted(random.chance(50) ? "a" : "ab") + "]}";
    case 4:
      return R"({"like":["k:text",)" + quoted(random.chance(50) ? "a*" : "*b") + "]}";
    case 5:
      return std::string("{") + (random.chance(50) ? R"("lt")" : R"("ge")") + R"(:["k:number",)" +
             quoted(random.pick(kNumbers)) + "]}";
    case 6:
      return R"({"ip":["k:ip",)" + quoted(random.pick(kAddresses)) + "]}";
    case 7:
      return std::string("{") + (random.chance(50) ? R"("has")" : R"("subset")") + R"(:["k:list",["a","b"]]})";
    case 8:
      return R"({"keyeq":["k:text","k:name"]})";
    case 9:
      return R"({"principal":{"type":)" + std::string(random.chance(50) ? R"(["user","role"])" : R"("anonymous")") +
             "}}";
    case 10:
      return R"({"not":)" + formula(random, depth - 1) + "}";
    default:
      return std::string("{") + (random.chance(60) ? R"("all")" : R"("any")") + ":[" + formula(random, depth - 1) +
             "," + formula(random, depth - 1) + "]}";
  }
}

/// Values that each part of a request takes in brute force; an empty list of values is an absent key.
struct Domain {
  std::vector<std::string> principals{"arn:aws:iam::111122223333:user/u",
                                      "arn:aws:iam::111122223333:role/r",
                                      "arn:aws:sts::111122223333:assumed-role/r/s",
                                      "arn:aws:iam::999988887777:user/x",
                                      "ec2.amazonaws.com",
                                      "anonymous"};
  std::vector<std::string> actions{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "iam:GetUser", "ec2:RunInstances"};
  std::vector<std::string> resources{"arn:aws:s3:::b/a", "arn:aws:s3:::b/b",  "arn:aws:s3:::b/ab",
                                     "arn:aws:s3:::b",   "arn:aws:s3:r:1:cc", "*"};
  std::vector<std::vector<std::string>> text{{}, {"a"}, {"b"}, {"ab"}, {"A"}, {"zz"}};
  std::vector<std::vector<std::string>> name{{}, {"a"}, {"b"}, {"ab"}};
  std::vector<std::vector<std::string>> several{{}, {"a"}, {"zz"}, {"a", "b"}, {"a", "zz"}};
  std::vector<std::vector<std::string>> number{{}, {"1"}, {"1.2"}, {"1.5"}, {"2"}, {"11"}};
  std::vector<std::vector<std::string>> address{{}, {"10.1.2.3"}, {"10.2.0.1"}, {"192.0.2.1"}, {"2001:db8::1"}};
  std::vector<std::vector<std::string>> date{
      {}, {"2026-01-01T00:00:00Z"}, {"2026-03-01T00:00:00Z"}, {"2027-01-01T00:00:00Z"}};
  std::vector<std::vector<std::string>> arn{
      {}, {"arn:aws:iam::111122223333:role/ab"}, {"arn:aws:iam::1:role/ab"}, {"arn:aws:iam::1:user/x"}};
  std::vector<std::vector<std::string>> flag{{}, {"true"}, {"false"}};
};

Request sample(Random& random, const Domain& domain) {
  Request out;
  out.principal = random.pick(domain.principals);
  out.action = random.pick(domain.actions);
  out.resource = random.pick(domain.resources);
  const auto put = [&](const char* key, const std::vector<std::vector<std::string>>& values, bool list) {
    const std::vector<std::string>& chosen = random.pick(values);
    if (!chosen.empty()) {
      out.context.emplace(key, list ? ContextValue(chosen) : ContextValue(chosen.front()));
    }
  };
  put("k:text", domain.text, false);
  put("k:name", domain.name, false);
  put("k:list", domain.several, true);
  put("k:number", domain.number, false);
  put("k:ip", domain.address, false);
  put("k:date", domain.date, false);
  put("k:arn", domain.arn, false);
  put("k:flag", domain.flag, false);
  return out;
}

Assumptions assumptions() {
  Assumptions out;
  out.aws = false;
  const auto add = [&](const char* key, KeyType type, bool list) {
    out.keys.push_back(KeyFact{.key = key, .type = type, .always = false, .multivalued = list, .only = {}});
  };
  add("k:text", KeyType::kString, false);
  add("k:name", KeyType::kString, false);
  add("k:list", KeyType::kString, true);
  add("k:number", KeyType::kNumeric, false);
  add("k:ip", KeyType::kIp, false);
  add("k:date", KeyType::kDate, false);
  add("k:arn", KeyType::kArn, false);
  add("k:flag", KeyType::kBool, false);
  return out;
}

struct Counts {
  std::size_t yes = 0;
  std::size_t no = 0;
  std::size_t unknown = 0;
  std::size_t unknown_open = 0;
};

enum class Asked { kDenies, kNeverAllows, kCompare };

void check(std::uint32_t seed, Asked asked, Counts& counts) {
  Random random(seed);
  const PolicyKind kind = random.chance(60) ? PolicyKind::kResource : PolicyKind::kIdentity;
  const bool principals = kind == PolicyKind::kResource;
  const bool denies = asked == Asked::kDenies;
  const std::string text = policy(random, principals, denies ? 95 : 50);
  const std::string old_text = policy(random, principals, 50);
  // A narrow set of requests has a chance to be denied as a whole.
  const std::string formula_text = denies ? R"({"all":[{"action":"s3:GetObject"},{"resource":"arn:aws:s3:::b/ab"},)" +
                                                formula(random, 1) + "," + formula(random, 1) + "]}"
                                          : formula(random, 2);
  const PolicyReading reading = read_policy_json(text);
  const PolicyReading old_reading = read_policy_json(old_text);
  const ParsedFormula parsed = read_formula(formula_text);
  ASSERT_EQ(reading.documents.size(), 1U) << text;
  ASSERT_EQ(old_reading.documents.size(), 1U) << old_text;
  ASSERT_TRUE(parsed.formula.has_value()) << formula_text << ": " << parsed.error;
  const PolicyDocument& document = reading.documents.front();
  const PolicyDocument& old = old_reading.documents.front();
  const Formula& scope = *parsed.formula;
  const Assumptions given = assumptions();
  const Proof proof = asked == Asked::kDenies        ? prove_denies(document, kind, scope, given)
                      : asked == Asked::kNeverAllows ? prove_never_allows(document, kind, scope, given)
                                                     : compare(old, document, kind, scope, given);
  const std::string what = "seed " + std::to_string(seed) + "\n" + text + "\n" +
                           (asked == Asked::kCompare ? old_text + "\n" : "") + formula_text + "\n" + proof.because;
  const auto is_counterexample = [&](const Request& request) {
    if (!holds(scope, request)) {
      return false;
    }
    const Decision decision = decide(document, kind, request);
    if (asked == Asked::kDenies) {
      return decision != Decision::kExplicitlyDenied;
    }
    return decision == Decision::kAllowed &&
           (asked == Asked::kNeverAllows || decide(old, kind, request) != Decision::kAllowed);
  };
  const Domain domain;
  constexpr int kSamples = 400;
  switch (proof.answer) {
    case Truth::kYes:
      ++counts.yes;
      for (int i = 0; i < kSamples; ++i) {
        const Request request = sample(random, domain);
        ASSERT_FALSE(is_counterexample(request))
            << what << "\nrequest " << request.principal << " " << request.action << " " << request.resource;
      }
      break;
    case Truth::kNo:
      ++counts.no;
      ASSERT_TRUE(proof.witness.has_value()) << what;
      ASSERT_TRUE(is_counterexample(*proof.witness)) << what;
      break;
    case Truth::kUnknown:
      ++counts.unknown;
      counts.unknown_open += proof.open_points.empty() ? 0 : 1;
      if (proof.open_points.empty() && std::getenv("GABION_VERBOSE") != nullptr) {
        std::cout << "unknown: " << what << "\n";
      }
      break;
  }
}

void run(Asked asked, std::uint32_t first) {
  Counts counts;
  constexpr std::uint32_t kCases = 500;
  const char* more = std::getenv("GABION_CASES");
  const std::uint32_t cases = more != nullptr ? static_cast<std::uint32_t>(std::stoul(more)) : kCases;
  for (std::uint32_t seed = first; seed < first + cases; ++seed) {
    check(seed, asked, counts);
    if (testing::Test::HasFatalFailure()) {
      return;
    }
  }
  std::cout << counts.yes << " yes, " << counts.no << " no, " << counts.unknown << " unknown (" << counts.unknown_open
            << " for open points)\n";
  EXPECT_GT(counts.yes, cases / 50);
  EXPECT_GT(counts.no, cases / 50);
  EXPECT_LT(counts.unknown - counts.unknown_open, cases / 20);
}

TEST(IamProve, DeniesAgreesWithBruteForce) {
  run(Asked::kDenies, 1);
}
TEST(IamProve, NeverAllowsAgreesWithBruteForce) {
  run(Asked::kNeverAllows, 1'000'000);
}
TEST(IamProve, CompareAgreesWithBruteForce) {
  run(Asked::kCompare, 2'000'000);
}

}  // namespace
}  // namespace gabion::iam
