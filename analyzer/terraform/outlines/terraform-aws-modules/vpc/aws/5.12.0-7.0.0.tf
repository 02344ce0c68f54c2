locals {
  flow_logs = [for group in aws_cloudwatch_log_group.flow_log : "${group.arn}:*"]
}
