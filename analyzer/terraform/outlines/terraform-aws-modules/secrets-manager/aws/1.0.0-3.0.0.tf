# A secret and who may use it; what it says is no matter of rules.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "kms_key_id" {
  default = null
}

variable "recovery_window_in_days" {
  default = null
}

variable "tags" {
  default = {}
}

variable "create_policy" {
  default = false
}

variable "source_policy_documents" {
  default = []
}

variable "override_policy_documents" {
  default = []
}

variable "policy_statements" {
  default = {}
}

variable "block_public_policy" {
  default = null
}

data "aws_iam_policy_document" "policy" {
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = local.statements

    content {
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

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
        for_each = statement.value.limits

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_secretsmanager_secret" "secret" {
  count                   = var.create ? 1 : 0
  name                    = var.name
  name_prefix             = var.name_prefix
  kms_key_id              = var.kms_key_id
  recovery_window_in_days = var.recovery_window_in_days
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_policy" "policy" {
  count               = var.create && var.create_policy ? 1 : 0
  secret_arn          = aws_secretsmanager_secret.secret[0].arn
  policy              = data.aws_iam_policy_document.policy.json
  block_public_policy = var.block_public_policy
}

output "secret_arn" {
  value = try(aws_secretsmanager_secret.secret[0].arn, null)
}

output "secret_id" {
  value = try(aws_secretsmanager_secret.secret[0].id, null)
}

output "secret_name" {
  value = try(aws_secretsmanager_secret.secret[0].name, null)
}
