#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "findings/finding.h"
#include "findings/fingerprint.h"
#include "unit/findings/sorted.h"

namespace gabion::findings {
namespace {

TEST(Severity, NamesGoBothWays) {
  for (const Severity severity : {Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
    EXPECT_EQ(severity_from_name(name(severity)), severity);
  }
  EXPECT_EQ(name(Severity::kLow), "low");
  EXPECT_EQ(name(Severity::kCritical), "critical");
  EXPECT_EQ(severity_from_name("High"), std::nullopt);
  EXPECT_EQ(severity_from_name(""), std::nullopt);
}

TEST(Safety, HasNames) {
  EXPECT_EQ(name(Safety::kSafe), "safe");
  EXPECT_EQ(name(Safety::kUnsafe), "unsafe");
  EXPECT_EQ(name(Safety::kManual), "manual");
}

// Expected values come from a second implementation of FNV-1a in another language: a change here changes the baselines
// of all users.
TEST(Fingerprint, IsStable) {
  EXPECT_EQ(fingerprint("", "", ""), "c5975d646bc2ca7ec51f289603d0f8ad");
  EXPECT_EQ(fingerprint("aws-kms-key-rotation", "module.x.aws_kms_key.a[0]", "false"),
            "ca818c86bbf69c5cf304c6035497b044");
  EXPECT_EQ(fingerprint("r", std::string(300, '\xFF'), std::string_view("\0", 1)), "5d2a598c55f63ae273a5344e55dcee44");
}

TEST(Fingerprint, KeepsThePartsApart) {
  const std::set<std::string> all = {fingerprint("a", "b", "c"), fingerprint("ab", "", "c"),
                                     fingerprint("a", "bc", ""), fingerprint("", "ab", "c"),
                                     fingerprint("a", "", "bc"), fingerprint("abc", "", "")};
  EXPECT_EQ(all.size(), 6U);
}

TEST(Sort, OrdersByPathRegionRuleAndResource) {
  source::ArtifactStore artifacts;
  const auto second = artifacts.add("b.tf", "0123456789").id();  // read first, printed second
  const auto first = artifacts.add("a.tf", "0123456789").id();
  RuleDescription rule_a;
  rule_a.id = "a-rule";
  RuleDescription rule_b;
  rule_b.id = "b-rule";
  const auto make = [](const RuleDescription& rule, source::Region region, std::string resource, std::string message) {
    Finding finding;
    finding.rule = &rule;
    finding.region = region;
    finding.resource = std::move(resource);
    finding.message = std::move(message);
    return finding;
  };
  std::vector<Finding> findings = {
      make(rule_a, {second, 0, 1}, "x", "7"),
      make(rule_b, {first, 5, 6}, "x", "6"),
      make(rule_a, {first, 5, 6}, "z", "5"),
      make(rule_a, {first, 5, 6}, "y", "4"),
      make(rule_b, {first, 5, 5}, "x", "3"),
      make(rule_b, {first, 0, 9}, "x", "2"),
      make(rule_b, {}, "x", "1"),
  };
  const auto messages = [&] {
    std::string order;
    for (const Finding& finding : findings) {
      order += finding.message;
    }
    return order;
  };
  sort(findings, artifacts);
  EXPECT_EQ(messages(), "1234567");
  std::reverse(findings.begin(), findings.end());
  sort(findings, artifacts);
  EXPECT_EQ(messages(), "1234567");
}

TEST(Sort, KeepsEqualFindingsInTheirOrder) {
  source::ArtifactStore artifacts;
  const source::ArtifactId file = artifacts.add("a.tf", std::string(64, ' ')).id();
  RuleDescription rule;
  rule.id = "r";
  std::vector<Finding> findings(200);
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    const std::uint32_t place = i * 7 % 13;  // each place many times
    findings[i].rule = &rule;
    findings[i].region = {file, place, place + 1};
    findings[i].fingerprint = std::to_string(i);
  }
  sort(findings, artifacts);
  for (std::size_t i = 1; i < findings.size(); ++i) {
    const auto key = [&](std::size_t at) {
      return std::pair(findings[at].region.begin, std::stoi(findings[at].fingerprint));
    };
    EXPECT_LT(key(i - 1), key(i));
  }
}

}  // namespace
}  // namespace gabion::findings
