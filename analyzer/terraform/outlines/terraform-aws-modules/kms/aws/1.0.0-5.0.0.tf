# A key with the policy that its users, its services and further statements make, and its aliases.
variable "create" {
  default = true
}

variable "create_external" {
  default = false
}

variable "create_replica" {
  default = false
}

variable "create_replica_external" {
  default = false
}

variable "customer_master_key_spec" {
  default = null
}

variable "custom_key_store_id" {
  default = null
}

variable "key_usage" {
  default = null
}

variable "is_enabled" {
  default = null
}

variable "multi_region" {
  default = false
}

variable "enable_key_rotation" {
  default = true
}

variable "rotation_period_in_days" {
  default = null
}

variable "deletion_window_in_days" {
  default = null
}

variable "bypass_policy_lockout_safety_check" {
  default = null
}

variable "tags" {
  default = {}
}

variable "policy" {
  default = null
}

variable "source_policy_documents" {
  default = []
}

variable "override_policy_documents" {
  default = []
}

variable "enable_default_policy" {
  default = true
}

variable "key_owners" {
  default = []
}

variable "key_administrators" {
  default = []
}

variable "key_users" {
  default = []
}

variable "key_service_users" {
  default = []
}

variable "key_service_roles_for_autoscaling" {
  default = []
}

variable "key_symmetric_encryption_users" {
  default = []
}

variable "key_hmac_users" {
  default = []
}

variable "key_asymmetric_public_encryption_users" {
  default = []
}

variable "key_asymmetric_sign_verify_users" {
  default = []
}

variable "enable_route53_dnssec" {
  default = false
}

variable "route53_dnssec_sources" {
  default = null
}

variable "key_statements" {
  default = null
}

variable "aliases" {
  default = []
}

variable "computed_aliases" {
  default = {}
}

variable "aliases_use_name_prefix" {
  default = false
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "external" "not_outlined" {}

locals {
  made       = var.create && !var.create_external && !var.create_replica && !var.create_replica_external
  statements = flatten([for given in [var.key_statements] : try(values(given), given) if given != null])
}

data "aws_iam_policy_document" "key" {
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = var.enable_default_policy ? ["Default"] : []

    content {
      sid       = statement.value
      actions   = ["kms:*"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_owners) > 0 ? [var.key_owners] : []

    content {
      actions   = ["kms:*"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_administrators) > 0 ? [var.key_administrators] : []

    content {
      actions = [
        "kms:Create*",
        "kms:Describe*",
        "kms:Enable*",
        "kms:List*",
        "kms:Put*",
        "kms:Update*",
        "kms:Revoke*",
        "kms:Disable*",
        "kms:Get*",
        "kms:Delete*",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:ScheduleKeyDeletion",
        "kms:CancelKeyDeletion",
        "kms:ReplicateKey",
        "kms:ImportKeyMaterial",
      ]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_users) > 0 ? [var.key_users] : []

    content {
      actions = [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
      ]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_service_users) > 0 ? [var.key_service_users] : []

    content {
      actions   = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }

      condition {
        test     = "Bool"
        variable = "kms:GrantIsForAWSResource"
        values   = ["true"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_service_roles_for_autoscaling) > 0 ? [var.key_service_roles_for_autoscaling] : []

    content {
      actions = [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
      ]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_service_roles_for_autoscaling) > 0 ? [var.key_service_roles_for_autoscaling] : []

    content {
      actions   = ["kms:CreateGrant"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }

      condition {
        test     = "Bool"
        variable = "kms:GrantIsForAWSResource"
        values   = ["true"]
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_symmetric_encryption_users) > 0 ? [var.key_symmetric_encryption_users] : []

    content {
      actions = [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
      ]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_hmac_users) > 0 ? [var.key_hmac_users] : []

    content {
      actions   = ["kms:DescribeKey", "kms:GenerateMac", "kms:VerifyMac"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_asymmetric_public_encryption_users) > 0 ? [var.key_asymmetric_public_encryption_users] : []

    content {
      actions = [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:DescribeKey",
        "kms:GetPublicKey",
      ]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.key_asymmetric_sign_verify_users) > 0 ? [var.key_asymmetric_sign_verify_users] : []

    content {
      actions   = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:Verify"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = var.enable_route53_dnssec ? ["dnssec-route53.${data.aws_partition.current.dns_suffix}"] : []

    content {
      actions   = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }
    }
  }

  dynamic "statement" {
    for_each = var.enable_route53_dnssec ? ["dnssec-route53.${data.aws_partition.current.dns_suffix}"] : []

    content {
      actions   = ["kms:CreateGrant"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }

      condition {
        test     = "Bool"
        variable = "kms:GrantIsForAWSResource"
        values   = ["true"]
      }

      dynamic "condition" {
        for_each = var.route53_dnssec_sources == null ? [] : var.route53_dnssec_sources

        content {
          test     = "StringEquals"
          variable = "aws:SourceAccount"
          values   = try(coalescelist(condition.value.account_ids, [data.aws_caller_identity.current.account_id]), [data.aws_caller_identity.current.account_id])
        }
      }

      dynamic "condition" {
        for_each = var.route53_dnssec_sources == null ? [] : var.route53_dnssec_sources

        content {
          test     = "ArnLike"
          variable = "aws:SourceArn"
          values   = [try(coalesce(condition.value.hosted_zone_arn), "arn:${data.aws_partition.current.partition}:route53:::hostedzone/*")]
        }
      }
    }
  }

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
        for_each = flatten([for given in [try(statement.value.principals, null)] : given if given != null])

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = flatten([for given in [try(statement.value.not_principals, null)] : given if given != null])

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = local.conditions[statement.key]

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_kms_key" "made" {
  count                              = local.made ? 1 : 0
  customer_master_key_spec           = var.customer_master_key_spec
  custom_key_store_id                = var.custom_key_store_id
  key_usage                          = var.key_usage
  is_enabled                         = var.is_enabled
  multi_region                       = var.multi_region
  enable_key_rotation                = var.enable_key_rotation
  rotation_period_in_days            = var.rotation_period_in_days
  deletion_window_in_days            = var.deletion_window_in_days
  bypass_policy_lockout_safety_check = var.bypass_policy_lockout_safety_check
  tags                               = var.tags
  policy                             = coalesce(var.policy, data.aws_iam_policy_document.key.json)
}

resource "aws_kms_alias" "made" {
  for_each      = local.made ? merge({ for name in toset(var.aliases) : name => { name = name } }, var.computed_aliases) : {}
  name          = var.aliases_use_name_prefix ? null : "alias/${each.value.name}"
  name_prefix   = var.aliases_use_name_prefix ? "alias/${each.value.name}-" : null
  target_key_id = aws_kms_key.made[0].key_id
}

output "key_arn" {
  value = local.made ? aws_kms_key.made[0].arn : data.external.not_outlined.result.arn
}

output "key_id" {
  value = local.made ? aws_kms_key.made[0].key_id : data.external.not_outlined.result.id
}

output "key_policy" {
  value = local.made ? aws_kms_key.made[0].policy : data.external.not_outlined.result.policy
}

output "aliases" {
  value = aws_kms_alias.made
}
