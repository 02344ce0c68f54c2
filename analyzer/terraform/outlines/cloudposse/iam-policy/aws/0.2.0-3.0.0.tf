# A document that is put together of statements and of other documents, and the policy that may be made of it.
variable "context" {
  default = {}
}

variable "enabled" {
  default = null
}

variable "namespace" {
  default = null
}

variable "tenant" {
  default = null
}

variable "environment" {
  default = null
}

variable "stage" {
  default = null
}

variable "name" {
  default = null
}

variable "delimiter" {
  default = null
}

variable "label_order" {
  default = null
}

variable "regex_replace_chars" {
  default = null
}

variable "id_length_limit" {
  default = null
}

variable "label_key_case" {
  default = null
}

variable "label_value_case" {
  default = null
}

variable "attributes" {
  default = []
}

variable "tags" {
  default = {}
}

variable "iam_policy" {
  default = null
}

variable "iam_policy_statements" {
  default = null
}

variable "iam_policy_id" {
  default = null
}

variable "iam_policy_enabled" {
  default = false
}

variable "description" {
  default = null
}

variable "iam_source_json" {
  default = null
}

variable "iam_source_json_url" {
  default = null
}

variable "iam_source_policy_documents" {
  default = null
}

variable "iam_override_policy_documents" {
  default = null
}

# What it is called, as with all modules of this family.
module "label" {
  source  = "cloudposse/label/null"
  version = "0.25.0"

  enabled             = var.enabled
  namespace           = var.namespace
  tenant              = var.tenant
  environment         = var.environment
  stage               = var.stage
  name                = var.name
  delimiter           = var.delimiter
  attributes          = var.attributes
  tags                = var.tags
  label_order         = var.label_order
  regex_replace_chars = var.regex_replace_chars
  id_length_limit     = var.id_length_limit
  label_key_case      = var.label_key_case
  label_value_case    = var.label_value_case
  context             = var.context
}

data "http" "source" {
  count = try(length(var.iam_source_json_url), 0) > 0 ? 1 : 0
  url   = var.iam_source_json_url
}

locals {
  # One policy, or since 2.0.0 a list of them.
  policies = var.iam_policy == null ? [] : try([for policy in var.iam_policy : policy.statements], [var.iam_policy.statements])
  # A list of statements, or a map by their Sid.
  given      = var.iam_policy_statements == null ? [] : try(flatten(var.iam_policy_statements), [for sid, statement in var.iam_policy_statements : merge({ sid = sid }, statement)])
  statements = concat(flatten(local.policies), local.given)
  sources    = var.iam_source_policy_documents != null ? var.iam_source_policy_documents : []
}

data "aws_iam_policy_document" "made" {
  count                     = module.label.enabled ? 1 : 0
  source_policy_documents   = compact(concat([var.iam_source_json], data.http.source[*].response_body, local.sources))
  override_policy_documents = var.iam_override_policy_documents

  dynamic "statement" {
    for_each = local.statements

    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, null) != null ? statement.value.principals : []

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, null) != null ? statement.value.not_principals : []

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.conditions, null) != null ? statement.value.conditions : []

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "made" {
  count       = module.label.enabled && var.iam_policy_enabled ? 1 : 0
  name        = module.label.id
  description = var.description
  policy      = data.aws_iam_policy_document.made[0].json
  tags        = module.label.tags
}

output "json" {
  value = try(data.aws_iam_policy_document.made[0].json, null)
}

output "policy_arn" {
  value = try(aws_iam_policy.made[0].arn, null)
}
