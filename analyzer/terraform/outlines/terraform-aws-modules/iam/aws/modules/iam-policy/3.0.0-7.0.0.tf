# The policy, and what those who attach it are given.
variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "policy" {
  default = null
}

variable "tags" {
  default = null
}

resource "aws_iam_policy" "made" {
  count       = local.made ? 1 : 0
  name        = var.name
  name_prefix = var.name_prefix
  policy      = var.policy
  tags        = var.tags
}

output "arn" {
  value = try(aws_iam_policy.made[0].arn, null)
}

output "id" {
  value = try(aws_iam_policy.made[0].id, null)
}

output "name" {
  value = try(aws_iam_policy.made[0].name, null)
}

output "policy" {
  value = try(aws_iam_policy.made[0].policy, null)
}
