# A role for workflows of GitHub, and the policies that it is given.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "path" {
  default = "/"
}

variable "permissions_boundary_arn" {
  default = null
}

variable "max_session_duration" {
  default = null
}

variable "tags" {
  default = {}
}

variable "policies" {
  default = {}
}

variable "provider_url" {
  default = "token.actions.githubusercontent.com"
}

variable "audience" {
  default = "sts.amazonaws.com"
}

variable "subjects" {
  default = []
}

variable "subject_condition" {
  default = "StringLike"
}

variable "additional_trust_policy_conditions" {
  default = []
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  issuer = replace(var.provider_url, "https://", "")
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${local.issuer}"]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "${local.issuer}:aud"
      values   = [var.audience]
    }

    condition {
      test     = var.subject_condition
      variable = "${local.issuer}:sub"
      values   = [for subject in var.subjects : "repo:${trimprefix(subject, "repo:")}"]
    }

    dynamic "condition" {
      for_each = var.additional_trust_policy_conditions

      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

resource "aws_iam_role" "made" {
  count                = var.create ? 1 : 0
  name                 = var.name
  name_prefix          = var.name_prefix
  path                 = var.path
  permissions_boundary = var.permissions_boundary_arn
  max_session_duration = var.max_session_duration
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "given" {
  for_each   = var.create ? var.policies : {}
  role       = aws_iam_role.made[0].name
  policy_arn = each.value
}

output "arn" {
  value = try(aws_iam_role.made[0].arn, null)
}

output "name" {
  value = try(aws_iam_role.made[0].name, null)
}

output "path" {
  value = try(aws_iam_role.made[0].path, null)
}
