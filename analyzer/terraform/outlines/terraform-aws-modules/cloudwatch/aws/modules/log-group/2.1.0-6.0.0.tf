# One log group.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "retention_in_days" {
  default = null
}

variable "kms_key_id" {
  default = null
}

variable "log_group_class" {
  default = null
}

variable "tags" {
  default = {}
}

resource "aws_cloudwatch_log_group" "made" {
  count             = var.create ? 1 : 0
  name              = var.name
  name_prefix       = var.name_prefix
  retention_in_days = var.retention_in_days
  kms_key_id        = var.kms_key_id
  log_group_class   = var.log_group_class
  tags              = var.tags
}

output "cloudwatch_log_group_name" {
  value = try(aws_cloudwatch_log_group.made[0].name, "")
}

output "cloudwatch_log_group_arn" {
  value = try(aws_cloudwatch_log_group.made[0].arn, "")
}
