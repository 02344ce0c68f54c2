#include "findings/packed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <tuple>
#include <vector>

#include "findings/fingerprint.h"
#include "findings/range.h"

namespace gabion::findings {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RuleDescription rule_named(std::string_view id) {
  RuleDescription rule;
  rule.id = id;
  return rule;
}

/// A finding that has everything.
Finding full(const RuleDescription& rule) {
  const source::ArtifactId file{3};
  Finding finding;
  finding.rule = &rule;
  finding.severity = Severity::kCritical;
  finding.resource = "module.a[\"b\"].aws_kms_key.k";
  finding.message = "is open to everybody";
  finding.region = {file, 70000, 70010};
  finding.trace = {{{file, 1, 2}, "given here"}, {{}, "set on the command line"}};
  finding.witness = Witness{"arn:aws:iam::111122223333:root",
                            "s3:GetObject",
                            "arn:aws:s3:::b/*",
                            {{"aws:SourceIp", std::vector<std::string>{"198.51.100.7", "198.51.100.8"}},
                             {"aws:PrincipalOrgID", std::nullopt}}};
  finding.fix = Fix{"set it to true", Safety::kUnsafe, {{{file, 5, 5}, "x = true\n"}, {{file, 9, 12}, ""}}, true, 7};
  finding.fingerprint = fingerprint("r", "a", "b");
  finding.suppression = Suppression{"inline", "known", {file, 2, 4}, "somebody", "2030-01-01"};
  finding.environments = {"dev", "prod"};
  finding.observation = Observation{"2031-01-01"};
  finding.root = "live/prod";
  finding.former_addresses = {"aws_kms_key.old"};
  finding.identities = {finding.fingerprint, fingerprint("r", "b", "b")};
  return finding;
}

void expect_equal(const Finding& a, const Finding& b) {
  EXPECT_EQ(a.rule, b.rule);
  EXPECT_EQ(a.severity, b.severity);
  EXPECT_EQ(a.resource, b.resource);
  EXPECT_EQ(a.message, b.message);
  EXPECT_EQ(a.region, b.region);
  ASSERT_EQ(a.trace.size(), b.trace.size());
  for (std::size_t i = 0; i < a.trace.size(); ++i) {
    EXPECT_EQ(a.trace[i].region, b.trace[i].region);
    EXPECT_EQ(a.trace[i].message, b.trace[i].message);
  }
  ASSERT_EQ(a.witness.has_value(), b.witness.has_value());
  if (a.witness) {
    EXPECT_EQ(a.witness->principal, b.witness->principal);
    EXPECT_EQ(a.witness->action, b.witness->action);
    EXPECT_EQ(a.witness->resource, b.witness->resource);
    EXPECT_EQ(a.witness->context, b.witness->context);
  }
  ASSERT_EQ(a.fix.has_value(), b.fix.has_value());
  if (a.fix) {
    EXPECT_EQ(a.fix->title, b.fix->title);
    EXPECT_EQ(a.fix->safety, b.fix->safety);
    EXPECT_EQ(a.fix->edits, b.fix->edits);
    EXPECT_EQ(a.fix->guess, b.fix->guess);
    EXPECT_EQ(a.fix->proposal, b.fix->proposal);
  }
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  ASSERT_EQ(a.suppression.has_value(), b.suppression.has_value());
  if (a.suppression) {
    EXPECT_EQ(a.suppression->kind, b.suppression->kind);
    EXPECT_EQ(a.suppression->reason, b.suppression->reason);
    EXPECT_EQ(a.suppression->region, b.suppression->region);
    EXPECT_EQ(a.suppression->owner, b.suppression->owner);
    EXPECT_EQ(a.suppression->until, b.suppression->until);
  }
  EXPECT_EQ(a.environments, b.environments);
  ASSERT_EQ(a.observation.has_value(), b.observation.has_value());
  if (a.observation) {
    EXPECT_EQ(a.observation->enforce_from, b.observation->enforce_from);
  }
  EXPECT_EQ(a.root, b.root);
  EXPECT_EQ(a.former_addresses, b.former_addresses);
  EXPECT_EQ(a.identities, b.identities);
}

TEST(PackedFindings, GiveWhatWasAdded) {
  const RuleDescription rule = rule_named("r");
  Finding plain;
  plain.rule = &rule;
  plain.fingerprint = std::string(31, '0') + "g";  // as long as a number
  plain.fix = Fix{"do it", Safety::kManual, {}};
  PackedFindings packed;
  packed.add(full(rule));
  packed.add(plain);
  packed.add(full(rule));
  packed.close();
  packed.add(plain);  // also after that
  Finding read;       // what was in it does not show through
  for (const std::size_t index : std::array<std::size_t, 6>{0, 1, 2, 3, 1, 0}) {
    packed.read(index, read);
    expect_equal(read, index % 2 == 0 ? full(rule) : plain);
    EXPECT_EQ(packed.fingerprint(index), read.fingerprint);
    EXPECT_EQ(packed.is_guess(index), index % 2 == 0);
    EXPECT_EQ(packed.brief(index).suppressed, index % 2 == 0);
    EXPECT_EQ(packed.brief(index).observed, index % 2 == 0);
  }
}

TEST(PackedFindings, ManyAndLongOnes) {
  const RuleDescription rule = rule_named("r");
  PackedFindings packed;
  const auto make = [&](std::size_t i) {
    Finding finding = full(rule);
    finding.resource = "aws_kms_key.k" + std::to_string(i);
    finding.fix->edits[0].text =
        i % 100 == 7 ? std::string(100'000, static_cast<char>('a' + i % 26)) : std::to_string(i);
    finding.fingerprint = fingerprint("r", finding.resource, "");
    return finding;
  };
  for (std::size_t i = 0; i < 3000; ++i) {
    packed.add(make(i));
  }
  Finding changed = make(5);
  changed.message = "something else";
  packed.replace(5, changed);
  Finding read;
  for (std::size_t i = 0; i < 3000; ++i) {
    packed.read(i, read);
    expect_equal(read, i == 5 ? changed : make(i));
  }
}

TEST(PackedFindings, EqualOnesAreOneInTheEnvironmentsOfAll) {
  const RuleDescription rule = rule_named("r");
  Finding first = full(rule);
  first.environments = {"dev"};
  Finding second = first;
  second.environments = {"prod", "dev"};
  Finding elsewhere = first;
  elsewhere.root = "elsewhere";
  PackedFindings packed;
  packed.add(first);
  packed.add(elsewhere);
  packed.add(second);
  packed.merge_equal();
  ASSERT_EQ(packed.size(), 2U);
  Finding read;
  packed.read(0, read);
  EXPECT_THAT(read.environments, ElementsAre("dev", "prod"));
  EXPECT_TRUE(read.suppression.has_value());
  packed.read(1, read);
  EXPECT_EQ(read.root, "elsewhere");
  EXPECT_THAT(read.environments, ElementsAre("dev"));

  second.suppression.reset();
  PackedFindings again;
  again.add(first);
  again.add(second);
  again.merge_equal();
  ASSERT_EQ(again.size(), 1U);
  again.read(0, read);
  EXPECT_FALSE(read.suppression.has_value());
  EXPECT_FALSE(again.brief(0).suppressed);
}

TEST(PackedFindings, FingerprintsMayComeLater) {
  const RuleDescription rule = rule_named("r");
  Finding finding = full(rule);
  finding.fingerprint.clear();
  finding.identities.clear();
  PackedFindings packed;
  packed.add(finding);
  packed.add(finding);
  Finding read;
  packed.read(0, read);
  expect_equal(read, finding);
  packed.set_fingerprint(0, fingerprint("r", "a", "b"));
  packed.set_fingerprint(1, "what is no number");
  for (const std::size_t index : {0U, 1U}) {
    finding.fingerprint = index == 0 ? fingerprint("r", "a", "b") : "what is no number";
    finding.identities = {finding.fingerprint};
    packed.read(index, read);
    expect_equal(read, finding);
    EXPECT_EQ(packed.fingerprint(index), finding.fingerprint);
  }
}

TEST(PackedFindings, PartsOfListsAreJoined) {
  const RuleDescription rule = rule_named("r");
  const auto list = [&](std::initializer_list<std::string> resources) {
    PackedFindings result;
    for (const std::string& resource : resources) {
      Finding finding = full(rule);
      finding.resource = resource;
      finding.environments = {resource};
      result.add(finding);
    }
    return result;
  };
  const auto resources = [](const PackedFindings& packed) {
    std::vector<std::string> result;
    for (const Finding& finding : FindingRange(packed)) {
      result.push_back(finding.resource);
      EXPECT_THAT(finding.environments, ElementsAre(finding.resource));
    }
    return result;
  };
  EXPECT_THAT(resources(PackedFindings::joined({})), IsEmpty());
  PackedFindings one = list({"a", "b", "c", "d"});
  const std::vector<PackedPart> in_order{{&one, 0, 1}, {&one, 1, 4}};
  EXPECT_THAT(resources(PackedFindings::joined(in_order)), ElementsAre("a", "b", "c", "d"));
  EXPECT_TRUE(one.empty());
  one = list({"a", "b", "c", "d"});
  PackedFindings other = list({"e", "f"});
  const std::vector<PackedPart> parts{{&one, 2, 4}, {&other, 1, 2}, {&one, 0, 1}};
  PackedFindings joined = PackedFindings::joined(parts);
  EXPECT_THAT(resources(joined), ElementsAre("c", "d", "f", "a"));
  EXPECT_TRUE(one.empty() && other.empty());
  Finding more = full(rule);
  more.resource = "g";
  more.environments = {"g"};
  joined.add(more);
  EXPECT_THAT(resources(joined), ElementsAre("c", "d", "f", "a", "g"));
}

TEST(PackedFindings, AreSortedByWhereTheyAreAndWhatTheySay) {
  source::ArtifactStore artifacts;
  const auto second = artifacts.add("b.tf", "0123456789").id();
  const auto first = artifacts.add("a.tf", "0123456789").id();
  const RuleDescription rules[] = {rule_named("a"), rule_named("b")};
  std::vector<Finding> objects;
  for (std::uint32_t i = 0; i < 200; ++i) {
    Finding finding;
    finding.rule = &rules[i * 7 % 2];
    finding.resource = std::to_string(i * 11 % 3);
    finding.message = std::to_string(i * 13 % 5);
    finding.fingerprint = std::to_string(i);
    if (i % 17 != 0) {
      finding.region = {i % 3 == 0 ? first : second, i % 4, 4 + i % 2};
    }
    objects.push_back(finding);
  }
  PackedFindings packed;
  for (const Finding& finding : objects) {
    packed.add(finding);
  }
  const auto key = [&](const Finding& finding) {
    return std::tuple(finding.region.valid() ? artifacts.get(finding.region.artifact).path() : std::string_view(),
                      finding.region.begin, finding.region.end, finding.rule->id, std::string_view(finding.resource),
                      std::string_view(finding.message));
  };
  std::ranges::stable_sort(objects, {}, key);
  packed.sort(artifacts);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    EXPECT_EQ(packed.fingerprint(i), objects[i].fingerprint);
  }
}

TEST(FindingRange, IsOfObjectsOrOfPackedOnes) {
  const RuleDescription rule = rule_named("r");
  std::vector<Finding> objects;
  PackedFindings packed;
  for (const char* const resource : {"a", "b", "c"}) {
    objects.push_back(full(rule));
    objects.back().resource = resource;
    objects.back().severity = *resource == 'b' ? Severity::kLow : Severity::kHigh;
    packed.add(objects.back());
  }
  const auto resources = [](const FindingRange& range) {
    std::vector<std::string> result;
    for (const Finding& finding : range) {
      result.push_back(finding.resource);
    }
    return result;
  };
  EXPECT_THAT(resources(objects), ElementsAre("a", "b", "c"));
  EXPECT_THAT(resources(packed), ElementsAre("a", "b", "c"));
  EXPECT_THAT(resources({}), IsEmpty());
  packed.erase_if([](const Brief& finding) { return finding.severity < Severity::kMedium; });
  EXPECT_THAT(resources(packed), ElementsAre("a", "c"));
  Finding room;
  EXPECT_EQ(FindingRange(packed).get(1, room).resource, "c");
  EXPECT_EQ(FindingRange(packed).brief(1).rule, &rule);
}

}  // namespace
}  // namespace gabion::findings
