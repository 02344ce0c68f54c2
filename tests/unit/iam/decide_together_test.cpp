// Several documents at once: one test for each rule of how identity, resource, boundary, session, service control and
// resource control policies combine.
#include <gtest/gtest.h>

#include <string>

#include "iam/decide.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::statements;

constexpr std::string_view kBob = "arn:aws:iam::111122223333:user/bob";
constexpr std::string_view kRole = "arn:aws:iam::111122223333:role/app";
constexpr std::string_view kSession = "arn:aws:sts::111122223333:assumed-role/app/s";
constexpr std::string_view kStranger = "arn:aws:iam::444455556666:user/eve";

class DecideTogether : public ::testing::Test {
 protected:
  const PolicyDocument allow_ = statements(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})");
  const PolicyDocument deny_ = statements(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})");
  const PolicyDocument other_ = statements(R"({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})");
  const PolicyDocument everyone_ =
      statements(R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})");
  const PolicyDocument nobody_ =
      statements(R"({"Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "*", "Resource": "*"})");
  const PolicyDocument refusing_ =
      statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"})");

  static PolicyDocument to(std::string_view principal) {
    return statements(R"({"Effect": "Allow", "Principal": {"AWS": ")" + std::string(principal) +
                      R"("}, "Action": "*", "Resource": "*"})");
  }
  static Decision ask(const PolicySet& set, std::string_view principal, std::string_view action = "s3:GetObject") {
    PolicySet owned = set;
    owned.resource_account = "111122223333";
    return decide(owned, Request{.principal = std::string(principal),
                                 .action = std::string(action),
                                 .resource = "arn:aws:s3:::b/k",
                                 .context = {}});
  }
};

TEST_F(DecideTogether, NothingIsAllowedByNothing) {
  EXPECT_EQ(ask({}, kBob), Decision::kImplicitlyDenied);
}

TEST_F(DecideTogether, AnyIdentityPolicyIsEnough) {
  PolicySet set;
  set.identity = {&other_, &allow_};
  EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
}

TEST_F(DecideTogether, ADenialAnywhereWins) {
  for (int where = 0; where < 6; ++where) {
    PolicySet set;
    set.identity = {&allow_};
    set.resource = &everyone_;
    set.boundaries = {&allow_};
    set.session = &allow_;
    set.scps = {{&allow_}};
    set.rcps = {{&everyone_}};
    EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
    switch (where) {
      case 0:
        set.identity.push_back(&deny_);
        break;
      case 1:
        set.resource = &refusing_;
        break;
      case 2:
        set.boundaries.push_back(&deny_);
        break;
      case 3:
        set.session = &deny_;
        break;
      case 4:
        set.scps[0].push_back(&deny_);
        break;
      default:
        set.rcps[0].push_back(&refusing_);
        break;
    }
    EXPECT_EQ(ask(set, kBob), Decision::kExplicitlyDenied) << where;
  }
}

TEST_F(DecideTogether, InOneAccountIdentityOrResourceIsEnough) {
  const PolicyDocument bob = to(kBob);
  PolicySet set;
  set.resource = &bob;
  EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
  set.resource = &nobody_;
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
  set.identity = {&allow_};
  EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
}

TEST_F(DecideTogether, NamingTheAccountGrantsNothingByItself) {
  const PolicyDocument account = to("111122223333");
  PolicySet set;
  set.resource = &account;
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
  set.identity = {&allow_};
  EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
}

TEST_F(DecideTogether, BoundariesAndSessionPoliciesLimitIdentityPolicies) {
  PolicySet set;
  set.identity = {&allow_};
  set.boundaries = {&other_};
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
  set.boundaries = {&allow_};
  EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
  set.session = &other_;
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
}

TEST_F(DecideTogether, NamingTheUserIsNotLimitedByImplicitDenials) {
  const PolicyDocument bob = to(kBob);
  PolicySet set;
  set.resource = &bob;
  set.boundaries = {&other_};
  set.session = &other_;
  EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
}

TEST_F(DecideTogether, NamingTheSessionIsNotLimitedNamingTheRoleIs) {
  const PolicyDocument session = to(kSession);
  const PolicyDocument role = to(kRole);
  PolicySet set;
  set.session = &other_;
  set.resource = &session;
  EXPECT_EQ(ask(set, kSession), Decision::kAllowed);
  set.resource = &role;
  EXPECT_EQ(ask(set, kSession), Decision::kImplicitlyDenied);
  set.session = nullptr;
  EXPECT_EQ(ask(set, kSession), Decision::kAllowed) << "naming the role needs no identity policy";
  set.boundaries = {&other_};
  EXPECT_EQ(ask(set, kSession), Decision::kImplicitlyDenied);
}

TEST_F(DecideTogether, EveryLevelOfServiceControlPoliciesMustAllow) {
  PolicySet set;
  set.identity = {&allow_};
  set.scps = {{&allow_}, {&other_, &allow_}};
  EXPECT_EQ(ask(set, kBob), Decision::kAllowed);
  set.scps.push_back({&other_});
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
  set.scps = {{}};
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied) << "a level without policies allows nothing";
}

TEST_F(DecideTogether, ControlPoliciesGrantNothing) {
  PolicySet set;
  set.scps = {{&allow_}};
  set.rcps = {{&everyone_}};
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
}

TEST_F(DecideTogether, ControlPoliciesLimitResourcePoliciesToo) {
  const PolicyDocument bob = to(kBob);
  PolicySet set;
  set.resource = &bob;
  set.scps = {{&other_}};
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
  set.scps.clear();
  set.rcps = {{&nobody_}};
  EXPECT_EQ(ask(set, kBob), Decision::kImplicitlyDenied);
}

TEST_F(DecideTogether, BetweenAccountsBothSidesMustAllow) {
  const PolicyDocument eve = to(kStranger);
  PolicySet set;
  set.resource = &eve;
  EXPECT_EQ(ask(set, kStranger), Decision::kImplicitlyDenied);
  set.identity = {&allow_};
  EXPECT_EQ(ask(set, kStranger), Decision::kAllowed);
  set.boundaries = {&other_};
  EXPECT_EQ(ask(set, kStranger), Decision::kImplicitlyDenied) << "between accounts the boundary limits";
  set.boundaries.clear();
  set.resource = nullptr;
  EXPECT_EQ(ask(set, kStranger), Decision::kImplicitlyDenied);
}

TEST_F(DecideTogether, BetweenAccountsNamingTheAccountIsEnough) {
  const PolicyDocument account = to("444455556666");
  PolicySet set;
  set.resource = &account;
  set.identity = {&allow_};
  EXPECT_EQ(ask(set, kStranger), Decision::kAllowed);
}

TEST_F(DecideTogether, CallersWithoutIdentityPoliciesNeedTheResourcePolicy) {
  PolicySet set;
  set.identity = {&allow_};
  EXPECT_EQ(ask(set, "anonymous"), Decision::kImplicitlyDenied);
  EXPECT_EQ(ask(set, "s3.amazonaws.com"), Decision::kImplicitlyDenied);
  set.resource = &everyone_;
  EXPECT_EQ(ask(set, "anonymous"), Decision::kAllowed);
  EXPECT_EQ(ask(set, "s3.amazonaws.com"), Decision::kAllowed);
}

TEST_F(DecideTogether, KeysAndRolesLetInOnlyWhomTheirPolicyNames) {
  for (const std::string_view action : {"kms:Decrypt", "sts:AssumeRole"}) {
    const PolicyDocument account = to("111122223333");
    PolicySet set;
    set.identity = {&allow_};
    EXPECT_EQ(ask(set, kBob, action), Decision::kImplicitlyDenied) << action;
    set.resource = &account;
    EXPECT_EQ(ask(set, kBob, action), Decision::kAllowed) << action;
  }
}

TEST_F(DecideTogether, TheOwnerOfTheResourceIsInItsArn) {
  const PolicyDocument eve = to(kStranger);
  PolicySet set;
  set.resource = &eve;
  const Request request{.principal = std::string(kStranger),
                        .action = "sqs:SendMessage",
                        .resource = "arn:aws:sqs:us-east-1:444455556666:q",
                        .context = {}};
  EXPECT_EQ(decide(set, request), Decision::kAllowed) << "the same account";
  Request abroad = request;
  abroad.resource = "arn:aws:sqs:us-east-1:111122223333:q";
  EXPECT_EQ(decide(set, abroad), Decision::kImplicitlyDenied);
}

TEST_F(DecideTogether, OpenPointsAreThoseThatMatter) {
  const PolicyDocument stars = statements(R"({"Effect": "Allow", "Action": "*:*", "Resource": "*"})");
  PolicySet set;
  set.resource_account = "111122223333";
  set.identity = {&stars};
  const Request request{
      .principal = std::string(kBob), .action = "s3:GetObject", .resource = "arn:aws:s3:::b/k", .context = {}};
  EXPECT_TRUE(judge(set, request).open_points.has(OpenPoint::kActStarColon));
  set.identity.push_back(&allow_);
  EXPECT_TRUE(judge(set, request).open_points.empty());
}

}  // namespace
}  // namespace gabion::iam
