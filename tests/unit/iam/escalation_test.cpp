#include "iam/escalation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <set>
#include <sstream>

#include "aws/managed_policies.h"
#include "aws/service_facts.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using testing::document;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::hole;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::shared_statements;
using testing::statements;

constexpr std::string_view kTrustsLambda =
    R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}})";
constexpr std::string_view kEverything = R"({"Effect": "Allow", "Action": "*", "Resource": "*"})";

EscalationPrincipal principal(PrincipalSort sort, std::string name, std::string_view policy) {
  constexpr std::string_view kTypes[] = {"user", "role", "group", "policy"};
  EscalationPrincipal out;
  out.sort = sort;
  out.arn = Text("arn:aws:iam::");
  out.arn.append(hole("account_id"));
  out.arn.append(":" + std::string(kTypes[static_cast<std::size_t>(sort)]) + "/" + name);
  if (!policy.empty()) {
    out.policies.identity.push_back({name + "-policy", shared_statements(policy), Truth::kYes});
  }
  out.name = std::move(name);
  out.trust_known = true;
  return out;
}

EscalationPrincipal role(std::string name, std::string_view policy, std::string_view trust = kTrustsLambda) {
  EscalationPrincipal out = principal(PrincipalSort::kRole, std::move(name), policy);
  out.trust.push_back(statements(trust));
  return out;
}

EscalationPrincipal user(std::string name, std::string_view policy) {
  return principal(PrincipalSort::kUser, std::move(name), policy);
}

/// A policy of AWS, attached.
AttachedPolicy of_aws(std::string_view name) {
  const auto policy = aws::find_managed_policy("arn:aws:iam::aws:policy/" + std::string(name));
  return {std::string(name), std::make_shared<const PolicyDocument>(document(policy->document())), Truth::kYes};
}

std::vector<std::string> ids(const Escalations& result) {
  std::vector<std::string> out;
  for (const Escalation& way : result.ways) {
    out.emplace_back(way.method->id);
  }
  return out;
}

/// What a principal alone in the world can do.
Escalations alone(EscalationPrincipal one) {
  Estate estate;
  estate.principals.push_back(std::move(one));
  return find_escalations(estate).front();
}

std::string allow(std::string_view action, std::string_view resource = "*", std::string_view rest = "") {
  return R"({"Effect": "Allow", "Action": ")" + std::string(action) + R"(", "Resource": ")" + std::string(resource) +
         "\"" + std::string(rest) + "}";
}
std::string deny(std::string_view action, std::string_view resource = "*", std::string_view rest = "") {
  return R"(, {"Effect": "Deny", "Action": ")" + std::string(action) + R"(", "Resource": ")" + std::string(resource) +
         "\"" + std::string(rest) + "}";
}

TEST(EscalationMethods, AreWellFormed) {
  std::set<std::string_view> seen;
  for (const EscalationMethod& method : escalation_methods()) {
    EXPECT_TRUE(seen.insert(method.id).second) << method.id;
    EXPECT_FALSE(method.steps.empty()) << method.id;
    bool passes = false;
    for (const EscalationStep& step : method.steps) {
      const auto action = aws::find_action(step.action);
      ASSERT_TRUE(action.has_value()) << step.action;
      EXPECT_EQ(aws::name_of(*action), step.action);
      passes = passes || step.action == "iam:PassRole";
    }
    EXPECT_EQ(passes, !method.service.empty()) << method.id;
  }
  EXPECT_GE(seen.size(), 40U);
}

TEST(EscalationMethods, AreDocumented) {
  std::ifstream file(GABION_SOURCE_DIR "/docs/privilege-escalation.md");
  std::ostringstream page;
  page << file.rdbuf();
  for (const EscalationMethod& method : escalation_methods()) {
    std::string actions;
    for (const EscalationStep& step : method.steps) {
      actions += (actions.empty() ? "`" : ", `") + std::string(step.action) + "`";
    }
    EXPECT_THAT(page.str(), HasSubstr("| `" + std::string(method.id) + "` | " + std::string(method.title) + " | " +
                                      actions + " | " + std::string(method.gain) + " |"));
  }
}

// Every method is found by a principal that has just what it needs, on everything, and not when one action is missing.
TEST(Escalation, EveryMethodIsFoundByWhoHasWhatItNeeds) {
  for (const EscalationMethod& method : escalation_methods()) {
    const auto with = [&](std::size_t left_out) {
      std::string policy;
      std::set<std::string_view> done;
      for (std::size_t i = 0; i < method.steps.size(); ++i) {
        if (i != left_out && done.insert(method.steps[i].action).second) {
          policy += (policy.empty() ? "" : ", ") + allow(method.steps[i].action);
        }
      }
      EscalationPrincipal caller = method.callers == Callers::kUsers ? user("caller", policy) : role("caller", policy);
      if (method.lifts_boundary) {
        caller.policies.identity.push_back({"admin", shared_statements(kEverything), Truth::kYes});
        caller.policies.bounded = true;
        caller.policies.boundary.push_back({"boundary", shared_statements(allow("iam:*")), Truth::kYes});
      }
      Estate estate;
      estate.principals.push_back(std::move(caller));
      // Somebody worth taking over, who lets the caller in.
      EscalationPrincipal admin = role("admin", kEverything,
                                       R"({"Effect": "Allow", "Action": "sts:AssumeRole",
                                           "Principal": {"AWS": "arn:aws:iam::<account_id>:root"}})");
      estate.principals.push_back(std::move(admin));
      return find_escalations(estate);
    };
    EXPECT_THAT(ids(with(method.steps.size())[0]), Contains(std::string(method.id)));
    for (std::size_t i = 0; i < method.steps.size() && !method.lifts_boundary; ++i) {
      EXPECT_THAT(ids(with(i)[0]), Not(Contains(std::string(method.id)))) << "without " << method.steps[i].action;
    }
  }
}

TEST(Escalation, AdministratorsHaveNothingToGain) {
  const Escalations result = alone(role("admin", kEverything));
  EXPECT_EQ(result.administrator, Truth::kYes);
  EXPECT_THAT(result.ways, IsEmpty());
  EXPECT_FALSE(result.open);

  EscalationPrincipal by_aws = role("admin", "");
  by_aws.policies.identity.push_back(of_aws("AdministratorAccess"));
  EXPECT_EQ(alone(by_aws).administrator, Truth::kYes);
  // All of IAM is a way to everything, but not everything yet.
  EXPECT_EQ(alone(role("iam", allow("iam:*"))).administrator, Truth::kNo);
  EXPECT_THAT(ids(alone(role("iam", allow("iam:*")))), Contains("iam-attach-role-policy"));
}

TEST(Escalation, WhoReadsHasNothing) {
  for (const char* name : {"ReadOnlyAccess", "SecurityAudit", "job-function/ViewOnlyAccess", "AmazonS3FullAccess",
                           "service-role/AWSLambdaBasicExecutionRole", "AmazonEKSWorkerNodePolicy"}) {
    EscalationPrincipal one = role("reader", "");
    one.policies.identity.push_back(of_aws(name));
    const Escalations result = alone(std::move(one));
    EXPECT_THAT(ids(result), IsEmpty()) << name;
    EXPECT_FALSE(result.open) << name;
  }
}

// Permission sets are there in one account of an organization, functions in any.
TEST(Escalation, WaysThatWorkInAnyAccountComeFirst) {
  EscalationPrincipal power = role("power", "");
  power.policies.identity.push_back(of_aws("PowerUserAccess"));
  const std::vector<std::string> found = ids(alone(std::move(power)));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front(), "lambda-update-code");
  EXPECT_EQ(found.back(), "sso-create-account-assignment");
}

TEST(Escalation, WhomAPassedRoleTrustsDecides) {
  const auto with = [](std::string_view service, bool known) {
    Estate estate;
    estate.principals.push_back(
        user("dev", allow("datapipeline:*") + ", " + allow("iam:PassRole", "arn:aws:iam::*:role/admin")));
    EscalationPrincipal admin = role("admin", kEverything,
                                     R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ")" +
                                         std::string(service) + "\"}}");
    admin.trust_known = known;
    estate.principals.push_back(std::move(admin));
    return find_escalations(estate).front();
  };
  EXPECT_THAT(ids(with("datapipeline.amazonaws.com", true)), ElementsAre("datapipeline-create"));
  EXPECT_FALSE(with("lambda.amazonaws.com", true).open);
  const Escalations unknown = with("lambda.amazonaws.com", false);
  EXPECT_THAT(ids(unknown), IsEmpty());
  EXPECT_TRUE(unknown.open);
  EXPECT_EQ(unknown.because, "whom admin trusts");
}

TEST(Escalation, DenialsCloseAWay) {
  EXPECT_THAT(ids(alone(role("r", allow("iam:PutRolePolicy") + deny("iam:*")))), IsEmpty());
  EXPECT_THAT(ids(alone(role("r", allow("iam:PutRolePolicy") + deny("iam:PutRolePolicy", "arn:aws:iam::*:role/r")))),
              IsEmpty());
  EXPECT_THAT(ids(alone(role("r", allow("iam:PutRolePolicy") + deny("iam:PutRolePolicy", "arn:aws:iam::*:role/s")))),
              ElementsAre("iam-put-role-policy"));
  // Denied unless a condition holds that can hold.
  EXPECT_THAT(
      ids(alone(role("r", allow("iam:PutRolePolicy") +
                              deny("iam:*", "*", R"(, "Condition": {"Bool": {"aws:SecureTransport": "false"}})")))),
      ElementsAre("iam-put-role-policy"));
}

TEST(Escalation, NarrowResourcesCloseAWay) {
  const std::string lambda = ", " + allow("lambda:CreateFunction") + ", " + allow("lambda:InvokeFunction");
  EXPECT_THAT(ids(alone(role("r", allow("iam:PassRole") + lambda))), ElementsAre("lambda-create-invoke"));
  EXPECT_THAT(ids(alone(role("r", allow("iam:PassRole", "arn:aws:iam::111122223333:role/app") + lambda))), IsEmpty());
  EXPECT_THAT(ids(alone(role("r", allow("iam:PassRole", "arn:aws:iam::*:role/app-*") + lambda))), IsEmpty());
  EXPECT_THAT(ids(alone(role("r", allow("iam:PassRole", "arn:aws:iam::*:role/*") + lambda))),
              ElementsAre("lambda-create-invoke"));
  // What is made needs one name that both actions are allowed on.
  const std::string make =
      allow("iam:PassRole") + ", " + allow("lambda:CreateFunction", "arn:aws:lambda:*:*:function:ci-*");
  EXPECT_THAT(ids(alone(role("r", make + ", " + allow("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:ci-*")))),
              ElementsAre("lambda-create-invoke"));
  EXPECT_THAT(ids(alone(role("r", make + ", " + allow("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:*-x")))),
              ElementsAre("lambda-create-invoke"));
  EXPECT_THAT(ids(alone(role("r", make + ", " + allow("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:app")))),
              IsEmpty());
}

TEST(Escalation, ConditionsCloseAWay) {
  const std::string lambda = ", " + allow("lambda:CreateFunction") + ", " + allow("lambda:InvokeFunction");
  const auto passing = [&](std::string_view service) {
    return allow("iam:PassRole", "*",
                 R"(, "Condition": {"StringEquals": {"iam:PassedToService": ")" + std::string(service) + "\"}}") +
           lambda;
  };
  EXPECT_THAT(ids(alone(role("r", passing("lambda.amazonaws.com")))), ElementsAre("lambda-create-invoke"));
  EXPECT_THAT(ids(alone(role("r", passing("ec2.amazonaws.com")))), IsEmpty());
  // Attaching only harmless policies.
  EXPECT_THAT(ids(alone(role("r", allow("iam:AttachRolePolicy", "*",
                                        R"(, "Condition": {"ArnEquals": {"iam:PolicyARN":
                                           "arn:aws:iam::aws:policy/ReadOnlyAccess"}})")))),
              IsEmpty());
  // Delegated administration: what is made must carry a boundary.
  const std::string boundary =
      R"(, "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/limits"}})";
  EXPECT_THAT(
      ids(alone(role("r", allow("iam:CreateRole", "*", boundary) + ", " + allow("iam:PutRolePolicy", "*", boundary)))),
      IsEmpty());
  EXPECT_THAT(
      ids(alone(role("r", allow("iam:CreateRole") + ", " + allow("iam:PutRolePolicy", "arn:aws:iam::*:role/app-*")))),
      ElementsAre("iam-create-role-put-policy"));
}

TEST(Escalation, ARoleWithoutATrustPolicyIsForSomebody) {
  EscalationPrincipal one = principal(PrincipalSort::kRole, "r", allow("iam:AttachRolePolicy"));
  one.trust_known = false;
  EXPECT_THAT(ids(alone(one)), IsEmpty());
  EXPECT_TRUE(alone(one).open);
  one.trust_missing = true;
  EXPECT_THAT(ids(alone(one)), ElementsAre("iam-attach-role-policy"));
}

TEST(Escalation, UsersManageThemselves) {
  const std::string own = "arn:aws:iam::*:user/${aws:username}";
  // Keys and passwords of one's own are no way to more.
  EXPECT_THAT(ids(alone(user("ann", allow("iam:CreateAccessKey", own) + ", " + allow("iam:UpdateLoginProfile", own)))),
              IsEmpty());
  EXPECT_THAT(ids(alone(user("ann", allow("iam:*AccessKey*", "arn:aws:iam::*:user/ann")))), IsEmpty());
  EXPECT_THAT(ids(alone(user("ann", allow("iam:CreateAccessKey", "arn:aws:iam::*:user/*")))),
              ElementsAre("iam-create-access-key"));
  // Nor where another user may do more, whether the names of both are known or not.
  const auto beside_an_administrator = [&](const EscalationPrincipal& one, const Text& administrator) {
    EscalationPrincipal admin = user("root", kEverything);
    admin.arn = administrator;
    Estate estate;
    estate.principals = {one, admin};
    return find_escalations(estate)[0];
  };
  const Text known("arn:aws:iam::111122223333:user/people/root");
  Text open("arn:aws:iam::111122223333:user/");
  open.append(hole("var.administrator"));
  for (const Text& administrator : {known, open}) {
    const std::string statement = allow("iam:CreateAccessKey", own);
    EXPECT_THAT(ids(beside_an_administrator(user("ann", statement), administrator)), IsEmpty());
    EXPECT_THAT(ids(beside_an_administrator(principal(PrincipalSort::kGroup, "staff", statement), administrator)),
                IsEmpty());
  }
  EscalationPrincipal elsewhere = user("ann", allow("iam:CreateAccessKey", own));
  elsewhere.arn = Text("arn:aws:iam::");
  elsewhere.arn.append(hole("the account"));
  elsewhere.arn.append(":user/ann");
  EXPECT_THAT(ids(beside_an_administrator(elsewhere, known)), IsEmpty());
  EXPECT_THAT(
      ids(beside_an_administrator(user("ann", allow("iam:CreateAccessKey", "arn:aws:iam::*:user/people/*")), known)),
      Contains("iam-create-access-key"));
  // A policy of one's own is.
  EXPECT_THAT(ids(alone(user("ann", allow("iam:PutUserPolicy", own)))), ElementsAre("iam-put-user-policy"));
  EXPECT_THAT(ids(alone(user("ann", allow("iam:PutUserPolicy", "arn:aws:iam::*:user/bob")))), IsEmpty());
  EXPECT_THAT(ids(alone(principal(PrincipalSort::kGroup, "staff", allow("iam:*", own)))),
              AllOf(Contains("iam-put-user-policy"), Not(Contains("iam-create-access-key")),
                    Not(Contains("iam-put-role-policy"))));
}

TEST(Escalation, BoundariesLimitWhatIsGained) {
  EscalationPrincipal one =
      role("r", allow("iam:PutRolePolicy") + ", " + allow("iam:PassRole") + ", " + allow("ec2:RunInstances"));
  one.policies.bounded = true;
  one.policies.boundary.push_back(
      {"limits", shared_statements(allow("iam:PutRolePolicy") + ", " + allow("s3:*")), Truth::kYes});
  // Writing its own policy yields nothing beyond the boundary, and starting instances is outside of it.
  EXPECT_THAT(ids(alone(one)), IsEmpty());
  EXPECT_FALSE(alone(one).open);
  one.policies.boundary.front().document = shared_statements(kEverything);
  EXPECT_THAT(ids(alone(one)), ElementsAre("iam-put-role-policy", "ec2-run-instances"));
  // A boundary that is not known may be either.
  one.policies.boundary.clear();
  one.policies.unknown_boundary.push_back(hole("var.boundary"));
  const Escalations unknown = alone(one);
  EXPECT_THAT(ids(unknown), IsEmpty());
  EXPECT_TRUE(unknown.open);
  EXPECT_THAT(unknown.holes, Contains(hole("var.boundary")));
}

// What is not known of others adds nothing where what is not known of oneself may deny everything.
TEST(Escalation, WhatIsOpenHangsOnOnesOwnPolicies) {
  EscalationPrincipal one = role("worker", allow("sts:AssumeRole"));
  one.policies.unknown.push_back(hole("var.policy"));
  EscalationPrincipal other = role("other", allow("sts:AssumeRole"));
  other.policies.unknown.push_back(hole("var.other"));
  Estate estate;
  estate.principals = {one, other};
  const std::vector<Escalations> found = find_escalations(estate);
  EXPECT_TRUE(found[0].open);
  EXPECT_THAT(found[0].holes, ElementsAre(hole("var.policy")));
  EXPECT_TRUE(found[1].open);
  EXPECT_THAT(found[1].holes, ElementsAre(hole("var.other")));
}

TEST(Escalation, PoliciesThatAreNotKnownLeaveItOpen) {
  EscalationPrincipal one = role("r", allow("iam:PutRolePolicy"));
  one.policies.unknown.push_back(hole("var.policy"));
  Escalations result = alone(one);
  EXPECT_THAT(ids(result), IsEmpty());  // the other policy may deny it
  EXPECT_TRUE(result.open);
  EXPECT_THAT(result.holes, Contains(hole("var.policy")));

  // What denies everything decides, whatever the other policy says.
  one.policies.identity.front().document = shared_statements(R"({"Effect": "Deny", "Action": "*", "Resource": "*"})");
  result = alone(one);
  EXPECT_THAT(ids(result), IsEmpty());
  EXPECT_FALSE(result.open);

  // A policy that is perhaps attached can add, not take away, unless it denies.
  EscalationPrincipal perhaps = role("r", allow("iam:PutRolePolicy"));
  perhaps.policies.identity.push_back({"extra", shared_statements(allow("s3:*")), Truth::kUnknown});
  EXPECT_THAT(ids(alone(perhaps)), ElementsAre("iam-put-role-policy"));
  EXPECT_FALSE(alone(perhaps).open);
  perhaps.policies.identity.back().document =
      shared_statements(R"({"Effect": "Deny", "Action": "iam:*", "Resource": "*"})");
  EXPECT_THAT(ids(alone(perhaps)), IsEmpty());
  EXPECT_TRUE(alone(perhaps).open);
}

TEST(Escalation, NamedRolesCountWhenTheyArePowerful) {
  const std::string deploy = allow("iam:PassRole", "arn:aws:iam::<account_id>:role/app") + ", " +
                             allow("lambda:CreateFunction") + ", " + allow("lambda:InvokeFunction");
  std::deque<Estate> estates;  // what is found points into them
  const auto with = [&](std::string_view app, std::string_view trust = kTrustsLambda) {
    Estate& estate = estates.emplace_back();
    estate.principals.push_back(role("deploy", deploy));
    estate.principals.push_back(role("app", app, trust));
    return find_escalations(estate)[0];
  };
  EXPECT_THAT(ids(with(allow("logs:*"))), IsEmpty());
  EXPECT_FALSE(with(allow("logs:*")).open);
  const Escalations found = with(kEverything);
  ASSERT_THAT(ids(found), ElementsAre("lambda-create-invoke"));
  EXPECT_EQ(found.ways[0].target, "app");
  EXPECT_THAT(describe(found.ways[0]), HasSubstr("iam:PassRole by statement 1 of deploy-policy"));
  // A powerful role that Lambda cannot take.
  EXPECT_THAT(ids(with(kEverything, R"({"Effect": "Allow", "Action": "sts:AssumeRole",
                                        "Principal": {"Service": "ec2.amazonaws.com"}})")),
              IsEmpty());
  // Power by another way counts as well.
  EXPECT_THAT(ids(with(allow("iam:PutRolePolicy"))), ElementsAre("lambda-create-invoke"));
}

TEST(Escalation, ChainsOfRolesAreFollowed) {
  const auto trusts = [](std::string_view name) {
    return R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::<account_id>:role/)" +
           std::string(name) + "\"}}";
  };
  Estate estate;
  estate.principals.push_back(role("first", allow("sts:AssumeRole", "arn:aws:iam::<account_id>:role/second")));
  estate.principals.push_back(
      role("second", allow("sts:AssumeRole", "arn:aws:iam::<account_id>:role/third"), trusts("first")));
  estate.principals.push_back(role("third", kEverything, trusts("second")));
  const std::vector<Escalations> result = find_escalations(estate);
  EXPECT_THAT(ids(result[0]), ElementsAre("sts-assume-role"));
  EXPECT_EQ(result[0].ways[0].target, "second");
  EXPECT_THAT(ids(result[1]), ElementsAre("sts-assume-role"));
  EXPECT_EQ(result[2].administrator, Truth::kYes);
  // The trust policy decides too.
  estate.principals[1].trust = {statements(trusts("somebody-else"))};
  EXPECT_THAT(ids(find_escalations(estate)[0]), IsEmpty());
}

TEST(Escalation, WorkloadsAreAsPowerfulAsTheirRoles) {
  Estate estate;
  estate.principals.push_back(role("deploy", allow("lambda:UpdateFunctionCode", "arn:aws:lambda:*:*:function:app")));
  estate.principals.push_back(role("app", allow("logs:*")));
  constexpr std::string_view kActions[] = {"lambda:UpdateFunctionCode"};
  estate.workloads.push_back({.name = "aws_lambda_function.app",
                              .actions = kActions,
                              .arn = Text("arn:aws:lambda:eu-west-1:111122223333:function:app"),
                              .role = 1});
  EXPECT_THAT(ids(find_escalations(estate)[0]), IsEmpty());
  estate.principals[1] = role("app", kEverything);
  const Escalations found = find_escalations(estate)[0];
  ASSERT_THAT(ids(found), ElementsAre("lambda-update-code"));
  EXPECT_EQ(found.ways[0].target, "aws_lambda_function.app");
}

TEST(Escalation, WorkloadsThatPerhapsHaveARoleLeaveItOpen) {
  Estate estate;
  estate.principals.push_back(role("deploy", allow("codebuild:StartBuild", "arn:aws:codebuild:*:*:project/app")));
  estate.principals.push_back(role("app", kEverything));
  constexpr std::string_view kActions[] = {"codebuild:StartBuild"};
  estate.workloads.push_back({.name = "aws_codebuild_project.app",
                              .actions = kActions,
                              .arn = Text("arn:*:codebuild:*:*:project/app"),
                              .role = 1,
                              .has_role = Truth::kUnknown});
  const Escalations found = find_escalations(estate)[0];
  EXPECT_THAT(ids(found), IsEmpty());
  EXPECT_TRUE(found.open);
}

TEST(Escalation, CommandsNeedTheirDocumentToo) {
  Estate estate;
  const std::string instance = allow("ssm:SendCommand", "arn:aws:ec2:*:*:instance/i-1");
  estate.principals.push_back(role("deploy", instance));
  estate.principals.push_back(role("app", kEverything));
  constexpr std::string_view kActions[] = {"ssm:SendCommand"};
  estate.workloads.push_back({.name = "aws_instance.app",
                              .actions = kActions,
                              .arn = Text("arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
                              .role = 1});
  EXPECT_THAT(ids(find_escalations(estate)[0]), IsEmpty());
  estate.principals[0] =
      role("deploy", instance + ", " + allow("ssm:SendCommand", "arn:aws:ssm:*:*:document/AWS-RunShellScript"));
  EXPECT_THAT(ids(find_escalations(estate)[0]), ElementsAre("ssm-send-command"));
}

TEST(Escalation, GroupsGiveAndTake) {
  Estate estate;
  EscalationPrincipal ann = user("ann", allow("iam:AddUserToGroup", "arn:aws:iam::*:group/admins"));
  estate.principals.push_back(ann);
  estate.principals.push_back(principal(PrincipalSort::kGroup, "admins", kEverything));
  EXPECT_THAT(ids(find_escalations(estate)[0]), ElementsAre("iam-add-user-to-group"));
  estate.principals[1] = principal(PrincipalSort::kGroup, "admins", allow("s3:GetObject"));
  EXPECT_THAT(ids(find_escalations(estate)[0]), IsEmpty());

  // Writing the policy of a group helps who is in it.
  estate.principals[0] = user("ann", allow("iam:PutGroupPolicy", "arn:aws:iam::*:group/admins"));
  EXPECT_THAT(ids(find_escalations(estate)[0]), IsEmpty());
  estate.principals[0].groups = {1};
  EXPECT_THAT(ids(find_escalations(estate)[0]), ElementsAre("iam-put-group-policy"));
}

TEST(Escalation, OwnPoliciesCanBeRewritten) {
  EscalationPrincipal one = role("r", allow("iam:CreatePolicyVersion", "arn:aws:iam::*:policy/app"));
  EXPECT_THAT(ids(alone(one)), IsEmpty());
  one.own_policies.emplace_back("arn:aws:iam::111122223333:policy/app");
  EXPECT_THAT(ids(alone(one)), ElementsAre("iam-create-policy-version"));
}

TEST(Escalation, RolesOfServicesThatDoTheirOwnWorkAreLeftAlone) {
  const auto trusting = [](std::string_view principal) {
    return alone(
        role("r", allow("iam:PutRolePolicy"),
             R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": )" + std::string(principal) + "}"));
  };
  EXPECT_THAT(ids(trusting(R"({"Service": "config.amazonaws.com"})")), IsEmpty());
  EXPECT_FALSE(trusting(R"({"Service": "config.amazonaws.com"})").open);
  // What runs on clusters of EMR has the role of their instances, not this one.
  EXPECT_THAT(ids(trusting(R"({"Service": "elasticmapreduce.amazonaws.com"})")), IsEmpty());
  EXPECT_THAT(ids(trusting(R"({"Service": ["config.amazonaws.com", "ec2.amazonaws.com"]})")),
              ElementsAre("iam-put-role-policy"));
  EXPECT_THAT(ids(trusting(R"({"AWS": "111122223333"})")), ElementsAre("iam-put-role-policy"));
  EXPECT_THAT(ids(trusting(R"({"AWS": "<var.caller>"})")), ElementsAre("iam-put-role-policy"));
  EXPECT_THAT(ids(trusting(R"({"Service": "<var.service>"})")), IsEmpty());
  EXPECT_TRUE(trusting(R"({"Service": "<var.service>"})").open);
  // A federated login has an action of its own.
  EXPECT_THAT(ids(alone(role("r", allow("iam:PutRolePolicy"), R"({"Effect": "Allow",
      "Action": "sts:AssumeRoleWithSAML", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/sso"}})"))),
              ElementsAre("iam-put-role-policy"));
}

TEST(Escalation, AccountsOfDenialsAreTheOwnOne) {
  EXPECT_THAT(
      ids(alone(role("r", allow("iam:PutRolePolicy") + deny("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/*")))),
      IsEmpty());
  EscalationPrincipal elsewhere =
      role("r", allow("iam:PutRolePolicy") + deny("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/*"));
  elsewhere.arn = Text("arn:aws:iam::444455556666:role/r");
  EXPECT_THAT(ids(alone(elsewhere)), ElementsAre("iam-put-role-policy"));
}

TEST(Escalation, QuestionsAreLimited) {
  Estate estate;
  estate.principals.push_back(role("r", allow("iam:*")));
  const Escalations result = find_escalations(estate, 0).front();
  EXPECT_THAT(ids(result), IsEmpty());
  EXPECT_TRUE(result.open);
}

// What nobody knows of one principal is asked about once, and leaves the questions to others; what is surely there is
// found all the same.
TEST(Escalation, OpenWaysAreNotSoughtForAgain) {
  Estate estate;
  estate.principals = {role("a", allow("<var.action>")), role("b", allow("iam:PutRolePolicy")),
                       role("c", allow("<var.action>") + ", " + allow("iam:PutRolePolicy"))};
  const std::vector<Escalations> found = find_escalations(estate, 32);
  EXPECT_THAT(ids(found[0]), IsEmpty());
  EXPECT_TRUE(found[0].open);
  EXPECT_THAT(found[0].holes, ElementsAre(hole("var.action")));
  EXPECT_THAT(ids(found[1]), ElementsAre("iam-put-role-policy"));
  EXPECT_THAT(ids(found[2]), ElementsAre("iam-put-role-policy"));

  // Whom nobody can be is asked about once as well.
  estate.principals.front() =
      role("a", R"({"Effect": "Allow", "NotAction": "iam:CreateUser", "Resource": "*"})",
           R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "config.amazonaws.com"}})");
  const std::vector<Escalations> unreachable = find_escalations(estate, 60);
  EXPECT_THAT(ids(unreachable[0]), IsEmpty());
  EXPECT_FALSE(unreachable[0].open);
  EXPECT_THAT(ids(unreachable[1]), ElementsAre("iam-put-role-policy"));
}

}  // namespace
}  // namespace gabion::iam
