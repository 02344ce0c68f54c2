// Rule functions over the service authorization reference, called as rules do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "unit/engine/rule_call.h"
#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

using eval::Value;

class ServiceFunctions : public terraform::testing::Terraform {
 protected:
  void SetUp() override {
    write("main.tf", "");
    load();
  }

  Value value_of(std::string_view name, const std::vector<Value>& arguments) {
    return RuleCall(*configuration_)(name, arguments);
  }

  /// The result as JSON; "unknown", or "error".
  std::string call(std::string_view name, const std::vector<Value>& arguments) {
    const Value result = value_of(name, arguments);
    if (result.is_error()) {
      return "error";
    }
    return result.is_unknown() ? "unknown" : eval::to_json(result);
  }

  Value text(std::string_view from) { return eval::make_string(configuration_->context().arena, from); }
  Value list(std::initializer_list<const char*> from) {
    std::vector<Value> out;
    for (const char* one : from) {
      out.push_back(text(one));
    }
    return eval::make_tuple(configuration_->context().arena, out);
  }
  Value unknown() {
    eval::Context context = configuration_->context();
    return eval::make_unknown(
        context.arena, eval::kStringType,
        context.symbols.intern(
            {.reason = eval::Reason::kVariable, .text = "var.x", .subject = {}, .path = {}, .region = {}}));
  }
};

TEST_F(ServiceFunctions, KnowActions) {
  EXPECT_EQ(call("known_action", {text("s3:getobject")}), "true");
  EXPECT_EQ(call("known_action", {text("s3:Get*")}), "true");
  EXPECT_EQ(call("known_action", {text("s3:GetObjekt")}), "false");
  EXPECT_EQ(call("known_action", {text("nothing:*")}), "false");
  EXPECT_EQ(call("known_action", {unknown()}), "unknown");
  EXPECT_EQ(call("known_action", {list({"s3:GetObject"})}), "error");
  EXPECT_EQ(call("nearest_action", {text("s3:GetObjekt")}), "\"s3:GetObject\"");
  EXPECT_EQ(call("nearest_action", {text("s3:GetObject")}), "null");
}

TEST_F(ServiceFunctions, ExpandAndShorten) {
  EXPECT_EQ(call("expand_actions", {text("s3:GetObjectAc?")}), R"(["s3:GetObjectAcl"])");
  EXPECT_EQ(call("expand_actions", {list({"sqs:SendMessage", "SQS:sendmessage"})}), R"(["sqs:SendMessage"])");
  EXPECT_EQ(call("expand_actions", {unknown()}), "unknown");
  EXPECT_EQ(call("shortest_actions", {list({"sqs:A*", "sqs:*"})}), R"(["sqs:*"])");
}

TEST_F(ServiceFunctions, ChooseActionsOfAList) {
  EXPECT_EQ(call("nonexistent_actions", {list({"s3:GetObject", "s3:GetObjekt", "s3:Get*", "s3:Gett*"})}),
            R"(["s3:GetObjekt","s3:Gett*"])");
  EXPECT_EQ(call("nonexistent_actions", {list({"s3:GetObject"})}), "[]");
  EXPECT_EQ(call("nonexistent_actions", {unknown()}), "unknown");
  EXPECT_EQ(call("nonexistent_actions", {text("s3:GetObject")}), "error");
  EXPECT_EQ(call("actions_of_levels", {list({"s3:GetObject", "s3:PutObject", "s3:*", "no:such"}), list({"write"})}),
            R"(["s3:PutObject","s3:*"])");
  EXPECT_EQ(call("actions_of_levels", {list({"s3:GetObject"}), unknown()}), "unknown");
  EXPECT_EQ(call("actions_of_levels", {list({"s3:GetObject"}), text("write")}), "error");
  EXPECT_EQ(call("actions_besides", {list({"sqs:sendmessage", "SQS:Send*", "sqs:*", "no:such"}), list({"sqs:Send*"})}),
            R"(["sqs:*"])");
  EXPECT_EQ(call("actions_besides", {list({"sqs:SendMessage"}), list({})}), R"(["sqs:SendMessage"])");
  EXPECT_EQ(call("actions_besides", {list({"sqs:SendMessage"}), unknown()}), "unknown");
}

TEST_F(ServiceFunctions, KeepActionsThatAreNotKnown) {
  const Value actions = eval::make_tuple(configuration_->context().arena, std::array{text("s3:GetObject"), unknown()});
  const auto count = [&](std::string_view name, std::vector<Value> arguments) {
    const Value result = value_of(name, arguments);
    EXPECT_EQ(result.elements().size(), 1U);
    return result.elements().size() == 1 && result.elements().front().is_unknown();
  };
  EXPECT_TRUE(count("nonexistent_actions", {actions}));
  EXPECT_TRUE(count("actions_of_levels", {actions, list({"write"})}));
  EXPECT_TRUE(count("actions_besides", {actions, list({"s3:Get*"})}));
}

TEST_F(ServiceFunctions, TellLevels) {
  EXPECT_EQ(call("action_access_level", {text("s3:PutBucketPolicy")}), "\"permissions-management\"");
  EXPECT_EQ(call("action_access_level", {text("s3:Put*")}), "null");
  EXPECT_EQ(call("access_levels", {list({"s3:GetObject", "s3:ListBucket"})}), R"(["list","read"])");
}

TEST_F(ServiceFunctions, MatchActionsAndResources) {
  EXPECT_EQ(call("supports_resource_level", {text("ecr:GetAuthorizationToken")}), "false");
  EXPECT_EQ(call("supports_resource_level", {text("ecr:*")}), "true");
  EXPECT_EQ(call("actions_without_resource",
                 {list({"s3:ListBucket", "s3:GetObject", "s3:Put*", "s3:Nothing"}), text("arn:aws:s3:::b/*")}),
            R"(["s3:ListBucket"])");
  EXPECT_EQ(call("actions_without_resource", {text("s3:ListBucket"), unknown()}), "unknown");
  EXPECT_EQ(call("resource_formats", {text("sqs:SendMessage")}),
            R"(["arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"])");
  EXPECT_EQ(call("accepts_condition_key", {text("s3:ListBucket"), text("s3:prefix")}), "true");
  EXPECT_EQ(call("accepts_condition_key", {text("s3:GetObject"), text("s3:prefix")}), "false");
  EXPECT_EQ(call("accepts_condition_key", {text("s3:GetObject"), text("aws:PrincipalTag/x")}), "true");
}

TEST_F(ServiceFunctions, TellWhatGoesWithAnAction) {
  EXPECT_THAT(call("condition_keys", {text("s3:ListBucket")}), testing::HasSubstr("\"s3:prefix\""));
  EXPECT_EQ(call("condition_keys", {text("s3:NoSuchAction")}), "[]");
  EXPECT_THAT(call("dependent_actions", {text("states:UpdateStateMachine")}), testing::HasSubstr("iam:PassRole"));
  EXPECT_EQ(call("dependent_actions", {text("s3:GetObject")}), "[]");
  EXPECT_EQ(call("nearest_condition_key", {text("aws:SourceIpp")}), "\"aws:SourceIp\"");
  EXPECT_EQ(call("nearest_condition_key", {text("aws:SourceIp")}), "null");
}

TEST_F(ServiceFunctions, GiveManagedPolicies) {
  EXPECT_THAT(call("managed_policy", {text("arn:aws:iam::aws:policy/AdministratorAccess")}),
              testing::HasSubstr("Statement"));
  EXPECT_EQ(call("managed_policy", {text("arn:aws:iam::1:policy/x")}), "null");
}

}  // namespace
}  // namespace gabion::engine
