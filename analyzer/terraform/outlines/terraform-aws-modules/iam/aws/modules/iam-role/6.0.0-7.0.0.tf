# The role: whom it trusts and what it may do. Trust in tokens of others than GitHub is not known.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "use_name_prefix" {
  default = true
}

variable "path" {
  default = null
}

variable "permissions_boundary" {
  default = null
}

variable "max_session_duration" {
  default = null
}

variable "tags" {
  default = {}
}

variable "trust_policy_permissions" {
  default = null
}

variable "trust_policy_conditions" {
  default = []
}

variable "enable_oidc" {
  default = false
}

variable "enable_bitbucket_oidc" {
  default = false
}

variable "enable_saml" {
  default = false
}

variable "enable_github_oidc" {
  default = false
}

variable "github_provider" {
  default = "token.actions.githubusercontent.com"
}

variable "oidc_subjects" {
  default = []
}

variable "oidc_wildcard_subjects" {
  default = []
}

variable "oidc_audiences" {
  default = []
}

variable "policies" {
  default = {}
}

variable "create_inline_policy" {
  default = false
}

variable "source_inline_policy_documents" {
  default = []
}

variable "override_inline_policy_documents" {
  default = []
}

variable "inline_policy_permissions" {
  default = null
}

variable "create_instance_profile" {
  default = false
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "external" "not_outlined" {}

locals {
  other_tokens = var.enable_oidc || var.enable_bitbucket_oidc || var.enable_saml
  github       = var.enable_github_oidc ? [var.github_provider] : []
  prefix       = var.use_name_prefix && var.name != null
}

data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = local.github

    content {
      actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]

      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${statement.value}"]
      }

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "${statement.value}:aud"
        values   = length(var.oidc_audiences) > 0 ? var.oidc_audiences : ["sts.amazonaws.com"]
      }

      dynamic "condition" {
        for_each = { for test, subjects in { StringEquals = var.oidc_subjects, StringLike = var.oidc_wildcard_subjects } : test => subjects if length(subjects) > 0 }

        content {
          test     = condition.key
          variable = "${statement.value}:sub"
          values   = [for subject in condition.value : "repo:${trimprefix(subject, "repo:")}"]
        }
      }

      dynamic "condition" {
        for_each = var.trust_policy_conditions

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  dynamic "statement" {
    for_each = try(values(var.trust_policy_permissions), [])

    content {
      effect      = try(statement.value.effect, null)
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, null) == null ? [] : statement.value.principals

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, null) == null ? [] : statement.value.not_principals

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.condition, null) == null ? [] : statement.value.condition

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
  count                = var.create ? 1 : 0
  name                 = local.prefix ? null : var.name
  name_prefix          = local.prefix ? "${var.name}-" : null
  path                 = var.path
  assume_role_policy   = local.other_tokens ? data.external.not_outlined.result.trust : data.aws_iam_policy_document.trust.json
  max_session_duration = var.max_session_duration
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "given" {
  for_each   = { for name, arn in var.policies : name => arn if var.create }
  role       = aws_iam_role.made[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "inline" {
  source_policy_documents   = var.source_inline_policy_documents
  override_policy_documents = var.override_inline_policy_documents

  dynamic "statement" {
    for_each = try(values(var.inline_policy_permissions), [])

    content {
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, null) == null ? [] : statement.value.condition

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
  count  = var.create && var.create_inline_policy ? 1 : 0
  role   = aws_iam_role.made[0].name
  policy = data.aws_iam_policy_document.inline.json
}

resource "aws_iam_instance_profile" "profile" {
  count = var.create && var.create_instance_profile ? 1 : 0
  role  = aws_iam_role.made[0].name
}

output "arn" {
  value = try(aws_iam_role.made[0].arn, null)
}

output "name" {
  value = try(aws_iam_role.made[0].name, null)
}

output "unique_id" {
  value = try(aws_iam_role.made[0].unique_id, null)
}

output "instance_profile_arn" {
  value = try(aws_iam_instance_profile.profile[0].arn, null)
}

output "instance_profile_name" {
  value = try(aws_iam_instance_profile.profile[0].name, null)
}
