# The role: whom it trusts and what it may do.
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

variable "oidc_account_id" {
  default = null
}

variable "oidc_provider_urls" {
  default = []
}

variable "enable_bitbucket_oidc" {
  default = false
}

variable "enable_saml" {
  default = false
}

variable "saml_provider_ids" {
  default = []
}

variable "saml_endpoints" {
  default = ["https://signin.aws.amazon.com/saml"]
}

variable "saml_trust_actions" {
  default = []
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

locals {
  prefix   = var.use_name_prefix && var.name != null
  account  = data.aws_caller_identity.current.account_id
  urls     = [for url in var.oidc_provider_urls : replace(url, "https://", "")]
  subjects = { for test, subjects in { StringEquals = var.oidc_subjects, StringLike = var.oidc_wildcard_subjects } : test => subjects if length(subjects) > 0 }
  issuers = concat(
    [for url in local.urls : { account = coalesce(var.oidc_account_id, local.account), url = url, kind = "generic" } if var.enable_oidc],
    [for url in [var.github_provider] : { account = local.account, url = url, kind = "github" } if var.enable_github_oidc],
    [for url in slice(local.urls, 0, min(length(local.urls), 1)) : { account = local.account, url = url, kind = "bitbucket" } if var.enable_bitbucket_oidc],
  )
}

data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = local.issuers

    content {
      actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]

      principals {
        type        = "Federated"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${statement.value.account}:oidc-provider/${statement.value.url}"]
      }

      # Whoever trusts an issuer of its own choice says for whom tokens must be, or they may be for anybody.
      dynamic "condition" {
        for_each = statement.value.kind != "generic" ? ["ForAllValues:StringEquals"] : length(var.oidc_audiences) > 0 ? ["StringEquals"] : []

        content {
          test     = condition.value
          variable = "${statement.value.url}:aud"
          values   = length(var.oidc_audiences) > 0 ? var.oidc_audiences : ["sts.amazonaws.com"]
        }
      }

      dynamic "condition" {
        for_each = local.subjects

        content {
          test     = condition.key
          variable = "${statement.value.url}:sub"
          values   = [for subject in condition.value : statement.value.kind == "github" ? "repo:${trimprefix(subject, "repo:")}" : subject]
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
    for_each = var.enable_saml ? [var.saml_provider_ids] : []

    content {
      actions = distinct(concat(["sts:AssumeRoleWithSAML", "sts:TagSession"], var.saml_trust_actions))

      principals {
        type        = "Federated"
        identifiers = statement.value
      }

      condition {
        test     = "StringEquals"
        variable = "SAML:aud"
        values   = var.saml_endpoints
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
  assume_role_policy   = data.aws_iam_policy_document.trust.json
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
