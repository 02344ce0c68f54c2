#include "aws/identity.h"

#include <algorithm>
#include <array>

namespace gabion::aws {
namespace {

// Sorted by type, then attribute.
constexpr std::array<IdentityTemplate, 56> kTemplates = {{
    {"aws_athena_workgroup", "arn", "arn:{partition}:athena:{region}:{account}:workgroup/{name}"},
    {"aws_autoscaling_group", "arn",
     "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}"},
    {"aws_batch_job_queue", "arn", "arn:{partition}:batch:{region}:{account}:job-queue/{name}"},
    {"aws_cloudfront_distribution", "arn", "arn:{partition}:cloudfront::{account}:distribution/{id}"},
    {"aws_cloudtrail", "arn", "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}"},
    {"aws_cloudwatch_event_api_destination", "arn",
     "arn:{partition}:events:{region}:{account}:api-destination/{name}/{uuid}"},
    {"aws_cloudwatch_event_bus", "arn", "arn:{partition}:events:{region}:{account}:event-bus/{name}"},
    {"aws_cloudwatch_event_connection", "arn", "arn:{partition}:events:{region}:{account}:connection/{name}/{uuid}"},
    {"aws_cloudwatch_log_group", "arn", "arn:{partition}:logs:{region}:{account}:log-group:{name}"},
    {"aws_cloudwatch_log_group", "id", "{name}"},
    {"aws_codebuild_project", "arn", "arn:{partition}:codebuild:{region}:{account}:project/{name}"},
    {"aws_codepipeline", "arn", "arn:{partition}:codepipeline:{region}:{account}:{name}"},
    {"aws_cognito_user_pool", "arn", "arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}"},
    {"aws_db_instance", "arn", "arn:{partition}:rds:{region}:{account}:db:{identifier}"},
    {"aws_dynamodb_table", "arn", "arn:{partition}:dynamodb:{region}:{account}:table/{name}"},
    {"aws_dynamodb_table", "id", "{name}"},
    {"aws_ecr_repository", "arn", "arn:{partition}:ecr:{region}:{account}:repository/{name}"},
    {"aws_ecr_repository", "id", "{name}"},
    {"aws_ecs_cluster", "arn", "arn:{partition}:ecs:{region}:{account}:cluster/{name}"},
    {"aws_ecs_cluster", "id", "arn:{partition}:ecs:{region}:{account}:cluster/{name}"},
    {"aws_ecs_task_definition", "arn", "arn:{partition}:ecs:{region}:{account}:task-definition/{family}:{suffix}"},
    {"aws_efs_file_system", "arn", "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}"},
    {"aws_eks_cluster", "arn", "arn:{partition}:eks:{region}:{account}:cluster/{name}"},
    {"aws_eks_cluster", "id", "{name}"},
    {"aws_elasticache_replication_group", "arn",
     "arn:{partition}:elasticache:{region}:{account}:replicationgroup:{replication_group_id}"},
    {"aws_glue_catalog_database", "arn", "arn:{partition}:glue:{region}:{account}:database/{name}"},
    {"aws_glue_catalog_table", "arn", "arn:{partition}:glue:{region}:{account}:table/{database_name}/{name}"},
    {"aws_glue_crawler", "arn", "arn:{partition}:glue:{region}:{account}:crawler/{name}"},
    {"aws_glue_job", "arn", "arn:{partition}:glue:{region}:{account}:job/{name}"},
    {"aws_glue_trigger", "arn", "arn:{partition}:glue:{region}:{account}:trigger/{name}"},
    {"aws_glue_workflow", "arn", "arn:{partition}:glue:{region}:{account}:workflow/{name}"},
    {"aws_iam_group", "arn", "arn:{partition}:iam::{account}:group{path|/}{name}"},
    {"aws_iam_group", "id", "{name}"},
    {"aws_iam_instance_profile", "arn", "arn:{partition}:iam::{account}:instance-profile{path|/}{name}"},
    {"aws_iam_policy", "arn", "arn:{partition}:iam::{account}:policy{path|/}{name}"},
    {"aws_iam_policy", "id", "arn:{partition}:iam::{account}:policy{path|/}{name}"},
    {"aws_iam_role", "arn", "arn:{partition}:iam::{account}:role{path|/}{name}"},
    {"aws_iam_role", "id", "{name}"},
    {"aws_iam_user", "arn", "arn:{partition}:iam::{account}:user{path|/}{name}"},
    {"aws_iam_user", "id", "{name}"},
    {"aws_kinesis_firehose_delivery_stream", "arn",
     "arn:{partition}:firehose:{region}:{account}:deliverystream/{name}"},
    {"aws_kinesis_stream", "arn", "arn:{partition}:kinesis:{region}:{account}:stream/{name}"},
    {"aws_kms_alias", "arn", "arn:{partition}:kms:{region}:{account}:{name}"},
    {"aws_kms_key", "arn", "arn:{partition}:kms:{region}:{account}:key/{key_id}"},
    {"aws_lambda_function", "arn", "arn:{partition}:lambda:{region}:{account}:function:{function_name}"},
    {"aws_mq_broker", "arn", "arn:{partition}:mq:{region}:{account}:broker:{broker_name}:{id}"},
    {"aws_rds_cluster", "arn", "arn:{partition}:rds:{region}:{account}:cluster:{cluster_identifier}"},
    {"aws_s3_bucket", "arn", "arn:{partition}:s3:::{bucket}"},
    {"aws_s3_bucket", "bucket", "{bucket}"},
    {"aws_s3_bucket", "id", "{bucket}"},
    {"aws_secretsmanager_secret", "arn", "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{suffix}"},
    {"aws_sfn_state_machine", "arn", "arn:{partition}:states:{region}:{account}:stateMachine:{name}"},
    {"aws_sfn_state_machine", "id", "arn:{partition}:states:{region}:{account}:stateMachine:{name}"},
    {"aws_sns_topic", "arn", "arn:{partition}:sns:{region}:{account}:{name}"},
    {"aws_sns_topic", "id", "arn:{partition}:sns:{region}:{account}:{name}"},
    {"aws_sqs_queue", "arn", "arn:{partition}:sqs:{region}:{account}:{name}"},
}};

}  // namespace

const IdentityTemplate* identity_of(std::string_view type, std::string_view attribute) {
  const auto found = std::lower_bound(kTemplates.begin(), kTemplates.end(), std::pair(type, attribute),
                                      [](const IdentityTemplate& entry, const auto& wanted) {
                                        return std::pair(entry.type, entry.attribute) < wanted;
                                      });
  return found != kTemplates.end() && found->type == type && found->attribute == attribute ? &*found : nullptr;
}

}  // namespace gabion::aws
