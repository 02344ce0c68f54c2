# A role for whom a provider of identities vouches, by its URL.
variable "create_role" {
  default = false
}

# No text stands for none, so that one that is not known is one.
variable "provider_url" {
  default = []
}

variable "provider_urls" {
  default = []
}

variable "aws_account_id" {
  default = ""
}

variable "role_name" {
  default = null
}

variable "role_name_prefix" {
  default = null
}

variable "role_path" {
  default = "/"
}

variable "role_permissions_boundary_arn" {
  default = ""
}

variable "max_session_duration" {
  default = 3600
}

variable "tags" {
  default = {}
}

variable "role_policy_arns" {
  default = []
}

variable "number_of_role_policy_arns" {
  default = null
}

variable "inline_policy_statements" {
  default = []
}

variable "oidc_fully_qualified_subjects" {
  default = []
}

variable "oidc_subjects_with_wildcards" {
  default = []
}

variable "oidc_fully_qualified_audiences" {
  default = []
}

variable "allow_self_assume_role" {
  default = false
}

variable "provider_trust_policy_conditions" {
  default = []
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account  = var.aws_account_id == "" ? data.aws_caller_identity.current.account_id : var.aws_account_id
  urls     = [for url in flatten([var.provider_urls, var.provider_url]) : replace(url, "https://", "")]
  attached = var.number_of_role_policy_arns == null ? length(var.role_policy_arns) : var.number_of_role_policy_arns
  own      = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role${var.role_path}${coalesce(var.role_name, try("${var.role_name_prefix}*", "*"))}"
  claims = concat(
    length(var.oidc_fully_qualified_subjects) > 0 ? [{ test = "StringEquals", name = "sub", values = var.oidc_fully_qualified_subjects }] : [],
    length(var.oidc_subjects_with_wildcards) > 0 ? [{ test = "StringLike", name = "sub", values = var.oidc_subjects_with_wildcards }] : [],
    length(var.oidc_fully_qualified_audiences) > 0 ? [{ test = "StringLike", name = "aud", values = var.oidc_fully_qualified_audiences }] : [],
  )
}

data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = var.allow_self_assume_role ? [local.own] : []

    content {
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:PrincipalArn"
        values   = [statement.value]
      }
    }
  }

  dynamic "statement" {
    for_each = local.urls

    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${local.account}:oidc-provider/${statement.value}"]
      }

      dynamic "condition" {
        for_each = local.claims

        content {
          test     = condition.value.test
          variable = "${statement.value}:${condition.value.name}"
          values   = condition.value.values
        }
      }

      dynamic "condition" {
        for_each = var.provider_trust_policy_conditions

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "made" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn == "" ? null : var.role_permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "given" {
  count      = var.create_role ? local.attached : 0
  role       = aws_iam_role.made[0].name
  policy_arn = var.role_policy_arns[count.index]
}

data "aws_iam_policy_document" "inline" {
  dynamic "statement" {
    for_each = var.inline_policy_statements

    content {
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.conditions, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create_role && length(var.inline_policy_statements) > 0 ? 1 : 0
  role   = aws_iam_role.made[0].name
  policy = data.aws_iam_policy_document.inline.json
}

output "iam_role_arn" {
  value = try(aws_iam_role.made[0].arn, "")
}

output "iam_role_name" {
  value = try(aws_iam_role.made[0].name, "")
}

output "iam_role_path" {
  value = try(aws_iam_role.made[0].path, "")
}

output "iam_role_unique_id" {
  value = try(aws_iam_role.made[0].unique_id, "")
}
