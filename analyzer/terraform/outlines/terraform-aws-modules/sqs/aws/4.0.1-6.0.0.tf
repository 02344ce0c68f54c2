# A queue, the queue of its dead letters, and the policies that further statements make.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "use_name_prefix" {
  default = false
}

variable "fifo_queue" {
  default = false
}

variable "kms_master_key_id" {
  default = null
}

variable "sqs_managed_sse_enabled" {
  default = true
}

variable "tags" {
  default = {}
}

variable "create_queue_policy" {
  default = false
}

variable "source_queue_policy_documents" {
  default = []
}

variable "override_queue_policy_documents" {
  default = []
}

variable "queue_policy_statements" {
  default = null
}

variable "create_dlq" {
  default = false
}

variable "dlq_name" {
  default = null
}

variable "dlq_kms_master_key_id" {
  default = null
}

variable "dlq_sqs_managed_sse_enabled" {
  default = true
}

variable "dlq_tags" {
  default = {}
}

variable "create_dlq_queue_policy" {
  default = false
}

variable "source_dlq_queue_policy_documents" {
  default = []
}

variable "override_dlq_queue_policy_documents" {
  default = []
}

variable "dlq_queue_policy_statements" {
  default = null
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  name        = try(trimsuffix(var.name, ".fifo"), "")
  made        = var.use_name_prefix ? null : var.fifo_queue ? "${local.name}.fifo" : local.name
  dlq_name    = try(coalesce(trimsuffix(var.dlq_name, ".fifo")), "${local.name}-dlq")
  dlq_made    = var.use_name_prefix ? null : var.fifo_queue ? "${local.dlq_name}.fifo" : local.dlq_name
  dlq_key     = try(coalesce(var.dlq_kms_master_key_id, var.kms_master_key_id), null)
  queues_here = "arn:${data.aws_partition.current.partition}:sqs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
}

resource "aws_sqs_queue" "queue" {
  count                   = var.create ? 1 : 0
  name                    = local.made
  name_prefix             = var.use_name_prefix ? "${local.name}-" : null
  fifo_queue              = var.fifo_queue
  kms_master_key_id       = var.kms_master_key_id
  sqs_managed_sse_enabled = var.kms_master_key_id != null ? null : var.sqs_managed_sse_enabled
  tags                    = var.tags
}

data "aws_iam_policy_document" "queue" {
  count                     = var.create && var.create_queue_policy ? 1 : 0
  source_policy_documents   = var.source_queue_policy_documents
  override_policy_documents = var.override_queue_policy_documents

  dynamic "statement" {
    for_each = flatten([for given in [var.queue_policy_statements] : [for key, value in given : { key = key, given = value }] if given != null])

    content {
      sid           = try(coalesce(statement.value.given.sid), local.named_by_keys ? statement.value.key : null)
      effect        = try(statement.value.given.effect, null)
      actions       = try(statement.value.given.actions, null)
      not_actions   = try(statement.value.given.not_actions, null)
      resources     = try(statement.value.given.resources, null) == null ? [aws_sqs_queue.queue[0].arn] : statement.value.given.resources
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

resource "aws_sqs_queue_policy" "queue" {
  count     = var.create && var.create_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.queue[0].id
  policy    = data.aws_iam_policy_document.queue[0].json
}

resource "aws_sqs_queue" "dlq" {
  count                   = var.create && var.create_dlq ? 1 : 0
  name                    = local.dlq_made
  name_prefix             = var.use_name_prefix ? "${local.dlq_name}-" : null
  fifo_queue              = var.fifo_queue
  kms_master_key_id       = local.dlq_key
  sqs_managed_sse_enabled = local.dlq_key != null ? null : coalesce(var.dlq_sqs_managed_sse_enabled, var.sqs_managed_sse_enabled)
  tags                    = merge(var.tags, var.dlq_tags)
}

data "aws_iam_policy_document" "dlq" {
  count                     = var.create && var.create_dlq && var.create_dlq_queue_policy ? 1 : 0
  source_policy_documents   = var.source_dlq_queue_policy_documents
  override_policy_documents = var.override_dlq_queue_policy_documents

  dynamic "statement" {
    for_each = flatten([for given in [var.dlq_queue_policy_statements] : [for key, value in given : { key = key, given = value }] if given != null])

    content {
      sid           = try(coalesce(statement.value.given.sid), local.named_by_keys ? statement.value.key : null)
      effect        = try(statement.value.given.effect, null)
      actions       = try(statement.value.given.actions, null)
      not_actions   = try(statement.value.given.not_actions, null)
      resources     = try(statement.value.given.resources, null) == null ? [aws_sqs_queue.dlq[0].arn] : statement.value.given.resources
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

resource "aws_sqs_queue_policy" "dlq" {
  count     = var.create && var.create_dlq && var.create_dlq_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.dlq[0].id
  policy    = data.aws_iam_policy_document.dlq[0].json
}

output "queue_id" {
  value = try(aws_sqs_queue.queue[0].id, null)
}

output "queue_arn" {
  value = try(aws_sqs_queue.queue[0].arn, null)
}

output "queue_url" {
  value = try(aws_sqs_queue.queue[0].url, null)
}

output "queue_name" {
  value = try(aws_sqs_queue.queue[0].name, null)
}

output "queue_arn_static" {
  value = var.create && !var.use_name_prefix ? "${local.queues_here}:${local.made}" : ""
}

output "dead_letter_queue_id" {
  value = try(aws_sqs_queue.dlq[0].id, null)
}

output "dead_letter_queue_arn" {
  value = try(aws_sqs_queue.dlq[0].arn, null)
}

output "dead_letter_queue_url" {
  value = try(aws_sqs_queue.dlq[0].url, null)
}

output "dead_letter_queue_name" {
  value = try(aws_sqs_queue.dlq[0].name, null)
}

output "dead_letter_queue_arn_static" {
  value = var.create && var.create_dlq && !var.use_name_prefix ? "${local.queues_here}:${local.dlq_made}" : ""
}
