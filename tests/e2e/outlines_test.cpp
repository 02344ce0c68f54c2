// Calls of registry modules that are not downloaded, judged by outlines: for every file of outlines/ a use that is safe
// and one that is not, and for ranges that share a file the versions on both sides of what differs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "program.h"

namespace gabion::e2e {
namespace {

using testing::IsEmpty;

struct Call {
  std::string_view module;  ///< NAME of terraform-aws-modules/NAME/aws, or else owner/name/provider; with // one within
  std::string_view version;
  std::string_view arguments;  ///< with ; between them
  std::string_view findings;   ///< rules without aws-, sorted
};

constexpr std::string_view kAllAccessBlocked =
    "block_public_acls = true; block_public_policy = true; ignore_public_acls = true; restrict_public_buckets = true; "
    "versioning = { enabled = true }";

// What a cluster needs so that nothing is to be said of it.
constexpr std::string_view kQuietCluster =
    "cluster_endpoint_public_access = false; "
    "cluster_enabled_log_types = [\"api\", \"audit\", \"authenticator\", \"controllerManager\", \"scheduler\"]; "
    "cluster_encryption_config = [{ provider_key_arn = \"arn:aws:kms:eu-west-1:111122223333:key/1\", "
    "resources = [\"secrets\"] }]";

constexpr std::string_view kOpenCluster = "eks-control-plane-logs eks-endpoint-public eks-secrets-encryption";
constexpr std::string_view kOpenBucket = "s3-public-access-block-acls s3-public-access-block-policy s3-versioning";

constexpr std::string_view kEverything =
    R"(policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] }))";
constexpr std::string_view kOfOrganisation =
    "key_statements = [{ actions = [\"kms:Decrypt\"], resources = [\"*\"], "
    "principals = [{ type = \"AWS\", identifiers = [\"*\"] }], conditions = [{ test = \"StringEquals\", "
    "variable = \"aws:PrincipalOrgID\", values = [\"o-a1b2c3d4e5\"] }] }]";
constexpr std::string_view kOnePod =
    "oidc_providers = { main = { provider_arn = "
    "\"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/"
    "A1B2C3\", namespace_service_accounts = [\"shop:checkout\"] } }";
constexpr std::string_view kAnyPod =
    "oidc_providers = { main = { provider_arn = "
    "\"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/"
    "A1B2C3\", namespace_service_accounts = [\"*:*\"] } }; "
    "assume_role_condition_test = \"StringLike\"";
// Policies that nobody can mean: a principal or a condition without a value.
constexpr std::string_view kNobody =
    R"(policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Principal = { AWS = "" } }] }))";
constexpr std::string_view kNobodyMaySend =
    R"(queue_policy_statements = { a = { actions = ["sqs:SendMessage"], principals = [{ type = "AWS", identifiers = [""] }] } })";
constexpr std::string_view kNobodyMayPublish =
    R"(topic_policy_statements = { a = { actions = ["sns:Publish"], principals = [{ type = "AWS", identifiers = [""] }] } })";
constexpr std::string_view kOpenGroup =
    R"(default_security_group_ingress = [{ from_port = 0, to_port = 0, protocol = "-1", cidr_blocks = "0.0.0.0/0" }])";
constexpr std::string_view kFlowLog = "enable_flow_log = true; create_flow_log_cloudwatch_log_group = true";
constexpr std::string_view kSending =
    R"(create_queue_policy = true; queue_policy_statements = { a = { actions = ["sqs:SendMessage"], principals = [{ type = "AWS", identifiers = [""] }] } })";
constexpr std::string_view kWithoutValues =
    R"(create_queue_policy = true; queue_policy_statements = { a = { actions = ["sqs:SendMessage"], principals = [{ type = "Service", identifiers = ["sns.amazonaws.com"] }], condition = [{ test = "ArnEquals", variable = "aws:SourceArn", values = [] }] } })";
constexpr std::string_view kDeadLetters =
    R"(create_dlq = true; create_dlq_queue_policy = true; dlq_queue_policy_statements = { a = { actions = ["sqs:SendMessage"], principals = [{ type = "AWS", identifiers = [""] }] } })";
constexpr std::string_view kPublishing =
    R"(topic_policy_statements = { a = { actions = ["sns:Publish"], principals = [{ type = "Service", identifiers = ["s3.amazonaws.com"] }], conditions = [{ test = "ArnEquals", variable = "aws:SourceArn", values = [] }] } })";
constexpr std::string_view kReadByAll =
    R"(create_policy = true; policy_statements = { a = { actions = ["secretsmanager:GetSecretValue"], resources = ["*"], principals = [{ type = "AWS", identifiers = ["*"] }] } })";
constexpr std::string_view kReadByOrganisation =
    R"(create_policy = true; policy_statements = { a = { actions = ["secretsmanager:GetSecretValue"], resources = ["*"], principals = [{ type = "AWS", identifiers = ["*"] }], conditions = [{ test = "StringEquals", variable = "aws:PrincipalOrgID", values = ["o-a1b2c3d4e5"] }] } })";
constexpr std::string_view kReadByOwn =
    R"(create_policy = true; policy_statements = { a = { actions = ["secretsmanager:GetSecretValue"], resources = ["*"], principals = [{ type = "AWS", identifiers = ["*"] }], condition = [{ test = "StringEquals", variable = "aws:PrincipalOrgID", values = ["o-a1b2c3d4e5"] }] } })";
constexpr std::string_view kPodsOrPeople =
    R"(trust_policy_statements = [{ actions = ["sts:AssumeRole"], principals = [{ type = "AWS", identifiers = ["111122223333"] }] }])";
constexpr std::string_view kPodsOrPeopleWithFactor =
    R"(trust_policy_statements = [{ actions = ["sts:AssumeRole"], principals = [{ type = "AWS", identifiers = ["111122223333"] }], conditions = [{ test = "Bool", variable = "aws:MultiFactorAuthPresent", values = ["true"] }] }])";
constexpr std::string_view kNothing =
    R"(policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "*", Resource = "*" }] }))";

constexpr std::array kCalls{
    Call{"s3-bucket", "3.0.0", "", kOpenBucket},
    Call{"s3-bucket", "3.8.2", "", kOpenBucket},
    Call{"s3-bucket", "3.8.2", kAllAccessBlocked, ""},
    Call{"s3-bucket", "3.9.0", "", "s3-versioning"},
    Call{"s3-bucket", "3.9.0", kAllAccessBlocked, ""},
    Call{"s3-bucket", "5.9.0", "acl = \"public-read\"; block_public_acls = false; ignore_public_acls = false",
         "s3-public-access-block-acls s3-public-acl s3-versioning"},
    Call{"rds", "3.5.0", "", "rds-encryption rds-iam-auth"},
    Call{"rds", "3.5.0", "storage_encrypted = true; iam_database_authentication_enabled = true", ""},
    Call{"rds", "3.5.0", "create_db_instance = false", ""},
    Call{"rds", "4.0.0", "", "rds-iam-auth"},
    Call{"rds", "7.1.0", "storage_encrypted = false; iam_database_authentication_enabled = true", "rds-encryption"},
    Call{"rds", "7.1.0", "iam_database_authentication_enabled = true", ""},
    Call{"rds-aurora", "7.7.1", "", "rds-iam-auth"},
    Call{"rds-aurora", "7.7.1", "create = false", "rds-iam-auth"},
    Call{"rds-aurora", "7.7.1", "create_cluster = false", ""},
    Call{"rds-aurora", "7.7.1", "storage_encrypted = false; iam_database_authentication_enabled = true",
         "rds-encryption"},
    Call{"rds-aurora", "8.0.0", "", "rds-iam-auth"},
    Call{"rds-aurora", "8.0.0", "create = false", ""},
    Call{"rds-aurora", "8.0.0", "create_cluster = false", "rds-iam-auth"},
    Call{"rds-aurora", "10.2.0", "storage_encrypted = false; iam_database_authentication_enabled = true",
         "rds-encryption"},
    Call{"ec2-instance", "3.0.0", "", "ec2-block-device-encryption ec2-imdsv2 ec2-instance-profile"},
    Call{"ec2-instance", "5.7.1",
         "iam_instance_profile = \"web\"; metadata_options = { http_tokens = \"required\" }; "
         "root_block_device = [{ encrypted = true }]",
         ""},
    Call{"ec2-instance", "5.7.1",
         "iam_instance_profile = \"web\"; metadata_options = { http_endpoint = \"enabled\" }; "
         "root_block_device = [{ encrypted = true }]",
         "ec2-imdsv2"},
    Call{"ec2-instance", "5.8.0",
         "iam_instance_profile = \"web\"; metadata_options = { http_endpoint = \"enabled\" }; "
         "root_block_device = [{ encrypted = true }]",
         ""},
    Call{"ec2-instance", "5.8.0", "", "ec2-block-device-encryption ec2-instance-profile"},
    Call{"ec2-instance", "5.8.0",
         "iam_instance_profile = \"web\"; metadata_options = { http_tokens = \"optional\" }; "
         "root_block_device = [{ encrypted = true }]",
         "ec2-imdsv2"},
    Call{"ec2-instance", "6.0.2",
         "iam_instance_profile = \"web\"; root_block_device = { encrypted = true }; "
         "ebs_volumes = { \"/dev/sdf\" = { size = 8 } }",
         "ebs-encryption"},
    Call{"ec2-instance", "6.0.2", "iam_instance_profile = \"web\"; root_block_device = { encrypted = true }", ""},
    Call{"eks", "17.24.0", "", kOpenCluster},
    Call{"eks", "17.24.0", "create = false", kOpenCluster},
    Call{"eks", "17.24.0", "create_eks = false", ""},
    Call{"eks", "17.24.0", kQuietCluster, ""},
    Call{"eks", "18.0.0", "", kOpenCluster},
    Call{"eks", "18.0.0", "create = false", ""},
    Call{"eks", "18.31.2", "create_eks = false", kOpenCluster},
    Call{"eks", "18.31.2", kQuietCluster, ""},
    Call{"eks", "19.21.0", "", "eks-control-plane-logs"},
    Call{"eks", "19.21.0", "cluster_endpoint_public_access = true", "eks-control-plane-logs eks-endpoint-public"},
    Call{"eks", "19.21.0", "create = false", ""},
    Call{"eks", "20.37.2", "cluster_endpoint_public_access = true", "eks-control-plane-logs eks-endpoint-public"},
    Call{"eks", "20.37.2", "create = false", ""},
    Call{"eks", "19.21.0",
         R"(manage_aws_auth_configmap = true; aws_auth_roles = [{ rolearn = var.role, groups = ["system:masters"] }])",
         "eks-control-plane-logs eks-system-masters"},
    Call{"eks", "20.37.2", "enable_cluster_creator_admin_permissions = true",
         "eks-access-admin-scope eks-control-plane-logs"},
    Call{"eks", "20.37.2", R"(aws_auth_roles = [{ rolearn = var.role, groups = ["system:masters"] }])",
         "eks-control-plane-logs"},
    Call{"eks", "21.3.1", "endpoint_public_access = true", "eks-control-plane-logs eks-endpoint-public"},
    Call{"eks", "21.3.1",
         R"(access_entries = { dev = { principal_arn = var.role, policy_associations = { all = {
              policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
              access_scope = { type = "cluster" } } } } })",
         "eks-access-admin-scope eks-control-plane-logs"},
    Call{"eks", "21.3.1",
         R"(access_entries = { dev = { principal_arn = var.role, kubernetes_groups = ["developers"] },
              node = { principal_arn = var.role, type = "EC2_LINUX" } })",
         "eks-control-plane-logs"},
    Call{"eks", "21.3.1", R"(enabled_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"])",
         ""},
    Call{"autoscaling", "1.2.0", "create_lc = false", "ec2-block-device-encryption ec2-imdsv2"},
    Call{"autoscaling", "1.2.0", "existing_launch_configuration = \"web\"", ""},
    Call{"autoscaling", "2.0.0", "existing_launch_configuration = \"web\"", "ec2-block-device-encryption ec2-imdsv2"},
    Call{"autoscaling", "3.9.0", "create_lc = false", ""},
    Call{"autoscaling", "3.9.0", "root_block_device = [{ encrypted = true }]", "ec2-imdsv2"},
    Call{"autoscaling", "4.11.0", "", ""},
    Call{"autoscaling", "4.11.0",
         "use_lt = true; create_lt = true; block_device_mappings = [{ ebs = { encrypted = false } }]",
         "ec2-block-device-encryption ec2-imdsv2"},
    Call{"autoscaling", "5.0.0", "", ""},
    Call{"autoscaling", "5.0.0", "create_lc = true; root_block_device = [{ encrypted = true }]", "ec2-imdsv2"},
    Call{"autoscaling", "5.1.0", "create_launch_template = false", ""},
    Call{"autoscaling", "5.1.0", "block_device_mappings = [{ ebs = { encrypted = true } }]", "ec2-imdsv2"},
    Call{"autoscaling", "8.3.0", "create = false; block_device_mappings = [{ ebs = { encrypted = true } }]",
         "ec2-imdsv2"},
    Call{"autoscaling", "8.3.0", "block_device_mappings = [{ ebs = { encrypted = false } }]",
         "ec2-block-device-encryption ec2-imdsv2"},
    Call{"autoscaling", "8.3.0",
         "metadata_options = { http_tokens = \"required\" }; block_device_mappings = [{ ebs = { encrypted = true } }]",
         ""},
    Call{"security-group", "3.18.0",
         R"(ingress_rules = ["https-443-tcp", "ssh-tcp"]; ingress_cidr_blocks = ["0.0.0.0/0"])", "ec2-ssh-open"},
    Call{"security-group", "5.3.0",
         R"(ingress_with_ipv6_cidr_blocks = [{ rule = "rdp-tcp", ipv6_cidr_blocks = "::/0" }])", "ec2-admin-port-open"},
    Call{"security-group", "5.3.0", R"(ingress_rules = ["https-443-tcp"]; ingress_cidr_blocks = ["0.0.0.0/0"])", ""},
    Call{"security-group", "5.3.0", R"(ingress_rules = ["ssh-tcp"]; ingress_cidr_blocks = ["10.0.0.0/8"])", ""},
    Call{"kms", "3.1.0", "enable_key_rotation = false", "kms-key-rotation"},
    Call{"kms", "3.1.0", kOfOrganisation, ""},
    Call{"kms", "4.2.0", kOfOrganisation, "kms-policy-public"},  // it calls the argument condition now
    Call{"kms", "4.2.0", "key_users = [\"arn:aws:iam::111122223333:role/shop\"]", ""},
    Call{"kms", "4.2.0", "create_external = true; enable_key_rotation = false", ""},
    Call{"ecr", "2.3.0", "repository_image_tag_mutability = \"MUTABLE\"", "ecr-repository-immutable-tags"},
    Call{"ecr", "2.3.0", "", ""},
    Call{"cloudwatch//modules/log-group", "3.3.0", "", "cloudwatch-log-group-retention"},
    Call{"cloudwatch//modules/log-group", "5.7.0", "retention_in_days = 365", ""},
    Call{"lambda", "7.2.0", "runtime = \"python3.7\"; policy_json = \"{}\"",
         "cloudwatch-log-group-retention lambda-runtime"},
    Call{"lambda", "8.1.0",
         R"(attach_policy_statements = true; policy_statements = { all = { actions = ["*"], resources = ["*"] } })",
         "cloudwatch-log-group-retention iam-policy-admin"},
    Call{"lambda", "8.1.0", "use_existing_cloudwatch_log_group = true; runtime = \"python3.13\"", ""},
    Call{"iam//modules/iam-policy", "5.2.0", kEverything, "iam-policy-admin"},
    Call{"iam//modules/iam-policy", "5.2.0", kNothing, ""},
    Call{"iam//modules/iam-policy", "6.1.0", kEverything, "iam-policy-admin"},
    Call{"iam//modules/iam-policy", "6.1.0", kNothing, ""},
    Call{"iam//modules/iam-role", "6.1.0",
         "trust_policy_permissions = { people = { actions = [\"sts:AssumeRole\"], "
         "principals = [{ type = \"AWS\", identifiers = [\"111122223333\"] }] } }",
         "iam-trust-mfa"},
    Call{"iam//modules/iam-role", "6.1.0",
         R"(enable_github_oidc = true; oidc_subjects = ["example/shop:ref:refs/heads/main"])", ""},
    Call{"iam//modules/iam-role", "6.3.0",
         R"(enable_oidc = true; oidc_provider_urls = ["https://oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3"])",
         "iam-trust-oidc-subject"},
    Call{"iam//modules/iam-role", "6.3.0",
         R"(enable_oidc = true; oidc_provider_urls = ["https://oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3"]; )"
         R"(oidc_subjects = ["system:serviceaccount:shop:checkout"]; oidc_audiences = ["sts.amazonaws.com"])",
         ""},
    Call{"iam//modules/iam-role", "6.3.0",
         R"(enable_bitbucket_oidc = true; oidc_provider_urls = ["https://api.bitbucket.org/2.0/workspaces/example/)"
         R"(pipelines-config/identity/oidc"]; oidc_wildcard_subjects = ["*"])",
         "iam-trust-oidc-subject"},
    Call{"iam//modules/iam-role", "6.3.0",
         R"(enable_bitbucket_oidc = true; oidc_provider_urls = ["https://api.bitbucket.org/2.0/workspaces/example/)"
         R"(pipelines-config/identity/oidc"]; oidc_wildcard_subjects = ["{a1b2c3}:*"])",
         ""},
    Call{"iam//modules/iam-role", "6.3.0",
         R"(enable_saml = true; saml_provider_ids = ["arn:aws:iam::111122223333:saml-provider/idp"])", ""},
    Call{"iam//modules/iam-role-for-service-accounts", "6.2.0",
         "oidc_providers = { main = { provider_arn = "
         "\"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3\", "
         "namespace_service_accounts = [\"*:*\"] } }; trust_condition_test = \"StringLike\"",
         "iam-trust-oidc-subject"},
    Call{"iam//modules/iam-role-for-service-accounts", "6.2.0", kOnePod, ""},
    Call{"iam//modules/iam-assumable-role-with-oidc", "4.24.1",
         R"(create_role = true; provider_url = "https://oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3")",
         "iam-trust-oidc-subject"},
    Call{"iam//modules/iam-assumable-role-with-oidc", "5.60.0",
         R"(create_role = true; provider_urls = ["oidc.eks.eu-west-1.amazonaws.com/id/A1B2C3"]; )"
         R"(oidc_fully_qualified_subjects = ["system:serviceaccount:shop:checkout"])",
         ""},
    Call{"secrets-manager", "1.1.2", kReadByAll, "secretsmanager-policy-public"},
    Call{"secrets-manager", "1.3.1", kReadByOrganisation, ""},
    Call{"secrets-manager", "2.0.1", kReadByOrganisation, "secretsmanager-policy-public"},  // it drops "conditions"
    Call{"secrets-manager", "2.1.0", kReadByOwn, ""},
    Call{"eks-pod-identity", "1.12.1", kPodsOrPeople, "iam-trust-mfa"},
    Call{"eks-pod-identity", "1.12.1", kPodsOrPeopleWithFactor, ""},
    Call{"eks-pod-identity", "2.1.0", kPodsOrPeopleWithFactor, "iam-trust-mfa"},  // it drops "conditions"
    Call{"eks-pod-identity", "2.1.0",
         R"(attach_custom_policy = true; policy_statements = [{ actions = ["*"], resources = ["*"] }])",
         "iam-policy-admin"},
    Call{"eks-pod-identity", "2.1.0", R"(name = "checkout")", ""},
    Call{"iam//modules/iam-github-oidc-role", "5.30.0", R"(subjects = ["example-*"])", "iam-trust-github-subject"},
    Call{"iam//modules/iam-github-oidc-role", "5.60.0", R"(subjects = ["example/shop:ref:refs/heads/main"])", ""},
    Call{"iam//modules/iam-role-for-service-accounts-eks", "5.30.0", kAnyPod, "iam-trust-oidc-subject"},
    Call{"iam//modules/iam-role-for-service-accounts-eks", "5.60.0", kOnePod, ""},
    Call{"iam//modules/iam-assumable-role", "5.3.0",
         R"(create_role = true; trusted_role_arns = ["arn:aws:iam::111122223333:root"]; role_requires_mfa = false)",
         "iam-trust-mfa"},
    Call{"iam//modules/iam-assumable-role", "5.3.0",
         R"(create_role = true; trusted_role_arns = ["arn:aws:iam::111122223333:root"])", ""},
    Call{"sqs", "2.1.0", kNobody, "iam-policy-valid"},
    Call{"sqs", "2.1.0", "name = \"orders\"", ""},
    Call{"sqs", "3.4.2", kNobody, "iam-policy-valid"},
    Call{"sqs", "3.4.2", "name = \"orders\"", ""},
    Call{"sqs", "4.2.0", kSending, "iam-policy-valid"},
    Call{"sqs", "4.2.0", kNobodyMaySend, ""},  // no policy is made of it
    Call{"sqs", "4.2.0", kWithoutValues, ""},  // the argument is called conditions
    Call{"sqs", "5.2.1", kWithoutValues, "iam-policy-valid"},
    Call{"sqs", "5.2.1", kDeadLetters, "iam-policy-valid"},
    Call{"sqs", "5.2.1", "create_queue_policy = false; create_dlq = true", ""},
    Call{"sns", "2.3.0", kNobody, "iam-policy-valid"},
    Call{"sns", "2.3.0", "name = \"orders\"", ""},
    Call{"sns", "4.1.0", kNobody, "iam-policy-valid"},
    Call{"sns", "4.1.0", "name = \"orders\"", ""},
    Call{"sns", "5.4.0", kNobodyMayPublish, "iam-policy-valid"},
    Call{"sns", "5.4.0", "name = \"orders\"", ""},
    Call{"sns", "6.1.1", kNobodyMayPublish, "iam-policy-valid"},
    Call{"sns", "6.2.1", kPublishing, "iam-policy-valid"},
    Call{"sns", "6.2.1", "create_topic_policy = false; topic_policy_statements = { a = { actions = [\"\"] } }", ""},
    Call{"sns", "7.1.0", kPublishing, ""},  // it calls the argument condition now, and drops the other one
    Call{"sns", "7.1.0", kNobodyMayPublish, "iam-policy-valid"},
    Call{"vpc", "3.19.0", kOpenGroup, ""},  // nobody asks for the group
    Call{"vpc", "3.19.0", kFlowLog, "cloudwatch-log-group-retention"},
    Call{"vpc", "5.1.2", kOpenGroup, "ec2-admin-port-open ec2-ssh-open"},
    Call{"vpc", "5.1.2", "enable_flow_log = true; flow_log_destination_type = \"s3\"", ""},
    Call{"vpc", "6.5.0", kFlowLog, "cloudwatch-log-group-retention"},
    Call{"vpc", "6.5.0", "", ""},
    Call{"cloudposse/kms-key/aws", "0.12.1", "name = \"data\"; enable_key_rotation = false", "kms-key-rotation"},
    Call{"cloudposse/kms-key/aws", "0.12.1", "name = \"data\"", ""},
    Call{"cloudposse/kms-key/aws", "0.12.1", "enabled = false; enable_key_rotation = false", ""},
    Call{"cloudposse/kms-key/aws", "0.9.0", "context = { enabled = false }; enable_key_rotation = false", ""},
    Call{"cloudposse/iam-policy/aws", "0.4.0",
         R"(iam_policy_enabled = true; iam_policy_statements = [{ actions = ["*"], resources = ["*"] }])",
         "iam-policy-admin"},
    Call{"cloudposse/iam-policy/aws", "1.0.1",
         R"(iam_policy_enabled = true; iam_policy = { statements = [{ actions = ["*"], resources = ["*"] }] })",
         "iam-policy-admin"},
    Call{"cloudposse/iam-policy/aws", "2.0.1",
         R"(iam_policy_enabled = true; iam_policy = [{ statements = [{ actions = ["*"], resources = ["*"] }] }])",
         "iam-policy-admin"},
    Call{"cloudposse/iam-policy/aws", "2.0.1",
         R"(iam_policy_enabled = true; iam_policy_statements = { All = { actions = ["*"], resources = ["*"] } })",
         "iam-policy-admin"},
    Call{
        "cloudposse/iam-policy/aws", "2.0.1",
        R"(iam_policy_enabled = true; iam_policy = [{ statements = [{ effect = "Deny", actions = ["*"], resources = ["*"] }] }])",
        ""},
    Call{"cloudposse/iam-policy/aws", "2.0.1",
         R"(iam_policy = [{ statements = [{ actions = ["*"], resources = ["*"] }] }])", ""},
};

// Make nothing that one of the rules says anything of.
constexpr std::array<std::string_view, 2> kNamesOnly = {"cloudposse/label/null",
                                                        "terraform-aws-modules/dynamodb-table/aws"};

// What the outlines are for; a rule that comes later changes nothing here.
constexpr std::string_view kRules =
    "aws-s3-public-access-block-acls,aws-s3-public-access-block-policy,aws-s3-public-acl,aws-s3-versioning,"
    "aws-rds-encryption,aws-rds-iam-auth,aws-ec2-imdsv2,aws-ec2-block-device-encryption,aws-ec2-instance-profile,"
    "aws-ebs-encryption,aws-eks-endpoint-public,aws-eks-control-plane-logs,aws-eks-secrets-encryption,"
    "aws-eks-access-admin-scope,aws-eks-system-masters,"
    "aws-ec2-ssh-open,aws-ec2-admin-port-open,aws-iam-policy-admin,aws-iam-trust-mfa,aws-iam-trust-github-subject,"
    "aws-iam-trust-oidc-subject,aws-kms-key-rotation,"
    "aws-kms-policy-public,aws-ecr-repository-immutable-tags,aws-cloudwatch-log-group-retention,aws-lambda-runtime,"
    "aws-iam-policy-valid,aws-secretsmanager-policy-public";

/// As the call writes it.
std::string source_of(const Call& call) {
  const std::size_t within = std::min(call.module.find("//"), call.module.size());
  const std::string module(call.module.substr(0, within));
  const bool whole = module.find('/') != std::string::npos;
  return (whole ? module : "terraform-aws-modules/" + module + "/aws") + std::string(call.module.substr(within));
}

std::string written(const Call& call, std::string_view name) {
  std::string text = "module \"" + std::string(name) + "\" {\n  source  = \"" + source_of(call) + "\"\n  version = \"" +
                     std::string(call.version) + "\"\n";
  if (call.module.starts_with("rds")) {
    text += "  engine  = \"postgres\"\n";
  }
  text += call.arguments;
  std::ranges::replace(text, ';', '\n');
  return text + "\n}\n";
}

TEST(OutlinesTest, JudgeCallsByTheirArguments) {
  const Project project;
  std::string text = "variable \"role\" {\n  type = string\n}\n";
  for (std::size_t i = 0; i < kCalls.size(); ++i) {
    text += written(kCalls[i], "call" + std::to_string(i));
  }
  project.write("main.tf", text);
  const Outcome outcome = project.gabion({"scan", "--format", "json", "--rule", std::string(kRules), "."});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  std::map<std::string, std::set<std::string>> found;
  for (const std::string& finding : findings_of(outcome)) {
    const std::size_t blank = finding.find(' ');
    found[finding.substr(blank + 1)].insert(finding.substr(4, blank - 4));
  }
  for (std::size_t i = 0; i < kCalls.size(); ++i) {
    std::string rules;
    for (const std::string& rule : found["module.call" + std::to_string(i)]) {
      rules += (rules.empty() ? "" : " ") + rule;
    }
    EXPECT_EQ(rules, kCalls[i].findings) << written(kCalls[i], "call");
  }
}

TEST(OutlinesTest, KnowThatAKeyIsMade) {
  const Project project;
  project.write("main.tf", written({"eks", "20.37.2", "", ""}, "shop"));
  const Outcome outcome = project.gabion({"scan", "--show-unresolved", "--rule", "aws-eks-secrets-encryption", "."});
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  EXPECT_THAT(outcome.out, testing::Not(testing::HasSubstr("unresolved")));
}

TEST(OutlinesTest, AreWhatTheirOutputsName) {
  constexpr std::string_view kRule = "aws-eks-pod-identity-agent";
  const auto status = [&](const Call& call) {
    const Project project;
    project.write("main.tf", written(call, "shop") + R"(
      resource "aws_eks_pod_identity_association" "app" {
        cluster_name    = module.shop.cluster_name
        namespace       = "shop"
        service_account = "app"
        role_arn        = "arn:aws:iam::111122223333:role/app"
      }
    )");
    return project.gabion({"scan", "--rule", std::string(kRule), "."}).status;
  };
  EXPECT_EQ(status({"eks", "20.37.2", "", ""}), 1);
  EXPECT_EQ(status({"eks", "20.37.2", "cluster_addons = { eks-pod-identity-agent = {} }", ""}), 0);
  EXPECT_EQ(status({"eks", "20.37.2", "cluster_compute_config = { enabled = true }", ""}), 0);
  EXPECT_EQ(status({"eks", "21.3.1", "addons = { coredns = {} }", ""}), 1);
  EXPECT_EQ(status({"eks", "21.3.1", "addons = { agent = { name = \"eks-pod-identity-agent\" } }", ""}), 0);
  EXPECT_EQ(status({"eks", "21.3.1", "compute_config = { enabled = true }", ""}), 0);
}

// A statement about a queue or a topic, by the output of the module that makes it.
TEST(OutlinesTest, TellWhatIsAQueueAndWhatATopic) {
  const auto status = [](const Call& call, std::string_view output, std::string_view action) {
    const Project project;
    project.write("main.tf", written(call, "orders") + R"(
      resource "aws_iam_role_policy" "worker" {
        role   = "worker"
        policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = ")" +
                                 std::string(action) + R"(", Resource = module.orders.)" + std::string(output) + R"( }]
        })
      }
    )");
    const Outcome outcome =
        project.gabion({"scan", "--show-unresolved", "--rule", "aws-iam-policy-resource-mismatch", "."});
    EXPECT_THAT(outcome.out, testing::Not(testing::HasSubstr("unresolved"))) << output;
    return outcome.status;
  };
  const Call queue{"sqs", "5.2.1", "create_dlq = true", ""};
  EXPECT_EQ(status(queue, "queue_arn", "sqs:SendMessage"), 0);
  EXPECT_EQ(status(queue, "queue_arn", "sns:Publish"), 1);
  EXPECT_EQ(status(queue, "dead_letter_queue_arn", "sqs:SendMessage"), 0);
  EXPECT_EQ(status(queue, "dead_letter_queue_arn_static", "sns:Publish"), 1);
  EXPECT_EQ(status({"sqs", "3.4.2", "", ""}, "sqs_queue_arn", "sqs:SendMessage"), 0);
  EXPECT_EQ(status({"sqs", "2.1.0", "", ""}, "this_sqs_queue_arn", "sns:Publish"), 1);
  EXPECT_EQ(status({"sns", "7.1.0", "", ""}, "topic_arn", "sns:Publish"), 0);
  EXPECT_EQ(status({"sns", "4.1.0", "", ""}, "sns_topic_arn", "sqs:SendMessage"), 1);
  EXPECT_EQ(status({"sns", "2.3.0", "", ""}, "this_sns_topic_arn", "sns:Publish"), 0);
  EXPECT_EQ(status({"dynamodb-table", "4.2.0", "", ""}, "dynamodb_table_arn", "dynamodb:GetItem"), 0);
  EXPECT_EQ(status({"dynamodb-table", "4.2.0", "", ""}, "dynamodb_table_stream_arn", "dynamodb:GetItem"), 1);
}

TEST(OutlinesTest, KnowTheAddressesOfANetwork) {
  const auto status = [](const Call& call) {
    const Project project;
    project.write("main.tf", written(call, "network") + R"(
      resource "aws_security_group" "hosts" {
        ingress {
          from_port   = 22
          to_port     = 22
          protocol    = "tcp"
          cidr_blocks = [module.network.vpc_cidr_block]
        }
      }
    )");
    const Outcome outcome = project.gabion({"scan", "--show-unresolved", "--rule", "aws-ec2-ssh-open", "."});
    EXPECT_THAT(outcome.out, testing::Not(testing::HasSubstr("unresolved"))) << outcome.out;
    return outcome.status;
  };
  EXPECT_EQ(status({"vpc", "5.1.2", "", ""}), 0);
  EXPECT_EQ(status({"vpc", "5.1.2", "cidr = \"0.0.0.0/0\"", ""}), 1);
}

TEST(OutlinesTest, KnowTheIdentityProviderOfACluster) {
  constexpr std::string_view kTrust = "aws-iam-trust-oidc-subject,aws-iam-trust-github-subject,aws-iam-trust-saml";
  const auto scanned = [&](std::string_view condition) {
    const Project project;
    project.write("main.tf", written({"eks", "21.3.1", "", ""}, "shop") + R"(
      resource "aws_iam_role" "pod" {
        name = "pod"
        assume_role_policy = jsonencode({
          Version = "2012-10-17"
          Statement = [{
            Effect    = "Allow"
            Action    = "sts:AssumeRoleWithWebIdentity"
            Principal = { Federated = module.shop.oidc_provider_arn }
            Condition = { StringEquals = { )" +
                                 std::string(condition) + R"( } }
          }]
        })
      }
    )");
    return project.gabion({"scan", "--show-unresolved", "--rule", std::string(kTrust), "."});
  };
  const Outcome open = scanned(R"("${module.shop.oidc_provider}:aud" = "sts.amazonaws.com")");
  EXPECT_EQ(open.status, 1);
  EXPECT_THAT(open.out, testing::HasSubstr("aws-iam-trust-oidc-subject"));
  const Outcome pinned = scanned(R"("${module.shop.oidc_provider}:sub" = "system:serviceaccount:shop:checkout")");
  EXPECT_EQ(pinned.status, 0) << pinned.out;
  EXPECT_THAT(pinned.out, testing::Not(testing::HasSubstr("unresolved")));
}

// The issuer is known after apply, and the role is there whatever it is.
TEST(OutlinesTest, KnowWhatRolesOfPodsMayDo) {
  constexpr std::string_view kPolicy = R"(
    resource "aws_eks_cluster" "shop" {
      name = "shop"
    }
    resource "aws_iam_policy" "deployer" {
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "*" }]
      })
    }
  )";
  const auto found = [&](const Call& call) {
    const Project project;
    project.write("main.tf", written(call, "deployer") + std::string(kPolicy));
    return project.gabion({"scan", "--rule", "aws-iam-privilege-escalation", "."}).out;
  };
  const std::string of_one_pod = std::string(kOnePod) + "; policies = { deployer = aws_iam_policy.deployer.arn }";
  const auto is_of_the_role = testing::HasSubstr("resource: module.deployer");
  EXPECT_THAT(found({"iam//modules/iam-assumable-role-with-oidc", "5.44.0",
                     "create_role = true; provider_url = aws_eks_cluster.shop.identity[0].oidc[0].issuer; "
                     "role_policy_arns = [aws_iam_policy.deployer.arn]",
                     ""}),
              is_of_the_role);
  EXPECT_THAT(found({"iam//modules/iam-role-for-service-accounts", "6.2.0", of_one_pod, ""}), is_of_the_role);
  EXPECT_THAT(
      found({"eks-pod-identity", "2.1.0", "additional_policy_arns = { deployer = aws_iam_policy.deployer.arn }", ""}),
      is_of_the_role);
}

// Names that a context brings, and whether anything is made at all.
TEST(OutlinesTest, TellWhatALabelSays) {
  const auto findings = [](std::string_view label, std::string_view condition) {
    const Project project;
    project.write("main.tf", "variable \"stage\" {\n  type = string\n}\n" + std::string(label) + R"(
      module "logs" {
        source     = "cloudposse/label/null"
        version    = "0.25.0"
        attributes = ["logs"]
        context    = module.this.context
      }
      resource "aws_cloudwatch_log_group" "made" {
        count = )" + std::string(condition) +
                                 R"( ? 1 : 0
        name  = module.logs.id
        tags  = module.logs.tags
      }
    )");
    return project.gabion({"scan", "--show-unresolved", "--rule", "aws-cloudwatch-log-group-retention", "."});
  };
  constexpr std::string_view kLabel = R"(module "this" {
    source    = "cloudposse/label/null"
    version   = "0.25.0"
    namespace = "eg"
    stage     = var.stage
    name      = "Shop 1"
  })";
  EXPECT_THAT(findings(kLabel, "module.logs.enabled").out, testing::HasSubstr("aws_cloudwatch_log_group.made[0]"));
  EXPECT_EQ(findings(kLabel, "!module.logs.enabled").status, 0);
  EXPECT_EQ(findings(kLabel, "module.this.name == \"shop1\"").status, 1);
  EXPECT_EQ(findings(kLabel, "module.logs.tags[\"Attributes\"] == \"logs\"").status, 1);
  EXPECT_EQ(findings(kLabel, "module.logs.tags[\"Namespace\"] == \"Eg\"").status, 0);
  EXPECT_EQ(findings("module \"this\" {\n  source = \"cloudposse/label/null\"\n  version = \"0.25.0\"\n  namespace = "
                     "\"eg\"\n  name = \"Shop 1\"\n}\n",
                     "module.logs.id == \"eg-shop1-logs\"")
                .status,
            1);
}

TEST(OutlinesTest, KeepTheDefaultsOfTheirVersions) {
  for (const auto& [version, missing] : {std::pair("17.24.0", "does not log anything"),
                                         std::pair("18.0.0", "does not log controllerManager, scheduler")}) {
    const Project project;
    project.write("main.tf", written({"eks", version, "", ""}, "shop"));
    const Outcome outcome = project.gabion({"scan", "--rule", "aws-eks-control-plane-logs", "."});
    EXPECT_THAT(outcome.out, testing::HasSubstr(missing)) << version;
  }
}

using Version = std::array<int, 3>;

Version version_of(std::string_view text) {
  Version result{};
  for (int& part : result) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
    EXPECT_EQ(error, std::errc());
    text.remove_prefix(std::min<std::size_t>(text.size(), static_cast<std::size_t>(end - text.data()) + 1));
  }
  return result;
}

// Every file of outlines/ has a call above of which something is said, and one of which nothing is.
TEST(OutlinesTest, AreAllCalled) {
  namespace fs = std::filesystem;
  std::vector<std::string> missing;
  std::size_t files = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(GABION_OUTLINES_DIR)) {
    if (entry.path().extension() != ".tf") {
      continue;
    }
    ++files;
    const std::string range = entry.path().stem().string();
    // owner/name/provider, and the way within it.
    std::string module = fs::relative(entry.path().parent_path(), GABION_OUTLINES_DIR).generic_string();
    if (const std::size_t within = module.find("/modules/"); within != std::string::npos) {
      module.insert(within, "/");
    }
    if (std::ranges::find(kNamesOnly, module) != kNamesOnly.end()) {
      continue;
    }
    const Version from = version_of(range.substr(0, range.find('-')));
    const Version before = version_of(range.substr(range.find('-') + 1));
    for (const bool quiet : {false, true}) {
      if (std::ranges::none_of(kCalls, [&](const Call& call) {
            const Version version = version_of(call.version);
            return source_of(call) == module && from <= version && version < before && call.findings.empty() == quiet;
          })) {
        missing.push_back(module + " " + range + (quiet ? ": no safe use" : ": no unsafe use"));
      }
    }
  }
  EXPECT_GT(files, 20U);
  EXPECT_THAT(missing, IsEmpty());
}

}  // namespace
}  // namespace gabion::e2e
