# A topic with the policy that further statements make, beside that of the own account.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "use_name_prefix" {
  default = false
}

variable "fifo_topic" {
  default = false
}

variable "kms_master_key_id" {
  default = null
}

variable "topic_policy" {
  default = null
}

variable "tags" {
  default = {}
}

variable "create_topic_policy" {
  default = true
}

variable "source_topic_policy_documents" {
  default = []
}

variable "override_topic_policy_documents" {
  default = []
}

variable "enable_default_topic_policy" {
  default = true
}

variable "topic_policy_statements" {
  default = null
}

data "aws_caller_identity" "current" {}

resource "aws_sns_topic" "topic" {
  count             = var.create ? 1 : 0
  name              = var.use_name_prefix ? null : local.name
  name_prefix       = var.use_name_prefix ? local.name_prefix : null
  fifo_topic        = var.fifo_topic
  policy            = var.create_topic_policy ? null : var.topic_policy
  kms_master_key_id = var.kms_master_key_id
  tags              = var.tags
}

data "aws_iam_policy_document" "topic" {
  count                     = var.create && var.create_topic_policy ? 1 : 0
  source_policy_documents   = var.source_topic_policy_documents
  override_policy_documents = var.override_topic_policy_documents

  dynamic "statement" {
    for_each = var.enable_default_topic_policy ? [local.default_statement] : []

    content {
      sid = statement.value.sid
      actions = [
        "sns:Subscribe",
        "sns:SetTopicAttributes",
        "sns:RemovePermission",
        "sns:Publish",
        "sns:ListSubscriptionsByTopic",
        "sns:GetTopicAttributes",
        "sns:DeleteTopic",
        "sns:AddPermission",
      ]
      resources = [aws_sns_topic.topic[0].arn]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = "StringEquals"
        variable = statement.value.account
        values   = [data.aws_caller_identity.current.account_id]
      }
    }
  }

  dynamic "statement" {
    for_each = flatten([for given in [var.topic_policy_statements] : [for key, value in given : { key = key, given = value }] if given != null])

    content {
      sid           = try(coalesce(statement.value.given.sid), statement.value.key)
      effect        = try(statement.value.given.effect, null)
      actions       = try(statement.value.given.actions, null)
      not_actions   = try(statement.value.given.not_actions, null)
      resources     = try(statement.value.given.resources, null) == null ? [aws_sns_topic.topic[0].arn] : statement.value.given.resources
      not_resources = try(statement.value.given.not_resources, null)

      dynamic "principals" {
        for_each = flatten([for given in [try(statement.value.given.principals, null)] : given if given != null])

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = flatten([for given in [try(statement.value.given.not_principals, null)] : given if given != null])

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = flatten([for name in local.conditions : [for given in [try(statement.value.given[name], null)] : given if given != null]])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_sns_topic_policy" "topic" {
  count  = var.create && var.create_topic_policy ? 1 : 0
  arn    = aws_sns_topic.topic[0].arn
  policy = data.aws_iam_policy_document.topic[0].json
}

output "topic_arn" {
  value = try(aws_sns_topic.topic[0].arn, null)
}

output "topic_id" {
  value = try(aws_sns_topic.topic[0].id, null)
}

output "topic_name" {
  value = try(aws_sns_topic.topic[0].name, null)
}

output "topic_owner" {
  value = try(aws_sns_topic.topic[0].owner, null)
}
