#include "iam/escalation_trust.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::statements;

Truth reach(std::string_view trust) {
  EscalationPrincipal role;
  role.trust = {statements(trust)};
  role.trust_known = true;
  return TrustQuestions(nullptr).in_reach(role);
}

std::string letting(std::string_view principal, std::string_view rest = "") {
  return R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": )" + std::string(principal) +
         std::string(rest) + "}";
}

constexpr std::string_view kFromHere = R"(, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})";

// Whom people can be is seen without asking where a policy is simple, and asked about where it is not.
TEST(EscalationTrust, RolesOfPeopleAreInReach) {
  for (const std::string_view people :
       {R"({"AWS": "arn:aws:iam::111122223333:root"})", R"({"AWS": "111122223333"})", R"({"AWS": "<var.trusted>"})",
        R"({"Service": "lambda.amazonaws.com"})", R"({"Service": ["config.amazonaws.com", "ec2.amazonaws.com"]})",
        R"({"AWS": "arn:aws:iam::111122223333:role/build"})"}) {
    EXPECT_EQ(reach(letting(people)), Truth::kYes) << people;
    EXPECT_EQ(reach(letting(people, kFromHere)), Truth::kYes) << people;
    EXPECT_EQ(reach(letting(people) + R"(, {"Effect": "Deny", "Action": "*", "Principal": "*"})"), Truth::kNo)
        << people;
  }
}

TEST(EscalationTrust, RolesOfOtherServicesAreNot) {
  EXPECT_EQ(reach(letting(R"({"Service": "config.amazonaws.com"})")), Truth::kNo);
  EXPECT_EQ(reach(letting(R"({"Service": "<var.service>"})")), Truth::kUnknown);
  EXPECT_EQ(reach(R"({"Effect": "Allow", "Action": "sts:TagSession", "Principal": {"Service": "ec2.amazonaws.com"}})"),
            Truth::kNo);
  EXPECT_EQ(reach(R"({"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}})"),
            Truth::kNo);
}

TEST(EscalationTrust, AllVersionsCount) {
  EscalationPrincipal role;
  role.trust_known = true;
  role.trust = {statements(letting(R"({"Service": "ec2.amazonaws.com"})")),
                statements(letting(R"({"Service": "config.amazonaws.com"})"))};
  EXPECT_EQ(TrustQuestions(nullptr).in_reach(role), Truth::kUnknown);
  role.trust.back() = role.trust.front();
  EXPECT_EQ(TrustQuestions(nullptr).in_reach(role), Truth::kYes);
  role.trust_known = false;
  EXPECT_EQ(TrustQuestions(nullptr).in_reach(role), Truth::kUnknown);
}

}  // namespace
}  // namespace gabion::iam
