# The role: whom it trusts, with a second factor unless that is switched off, and the policies that it gets.
variable "create_role" {
  default = false
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

variable "trusted_role_arns" {
  default = []
}

variable "trusted_role_services" {
  default = []
}

variable "trusted_role_actions" {
  default = ["sts:AssumeRole"]
}

variable "trust_policy_conditions" {
  default = []
}

variable "role_requires_mfa" {
  default = true
}

variable "role_sts_externalid" {
  default = []
}

variable "role_requires_session_name" {
  default = false
}

variable "allow_self_assume_role" {
  default = false
}

variable "create_custom_role_trust_policy" {
  default = false
}

variable "custom_role_trust_policy" {
  default = ""
}

variable "custom_role_policy_arns" {
  default = []
}

variable "attach_admin_policy" {
  default = false
}

variable "admin_role_policy_arn" {
  default = "arn:aws:iam::aws:policy/AdministratorAccess"
}

variable "attach_poweruser_policy" {
  default = false
}

variable "poweruser_role_policy_arn" {
  default = "arn:aws:iam::aws:policy/PowerUserAccess"
}

variable "attach_readonly_policy" {
  default = false
}

variable "readonly_role_policy_arn" {
  default = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

variable "inline_policy_statements" {
  default = []
}

variable "create_instance_profile" {
  default = false
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "external" "not_outlined" {}

locals {
  ids   = flatten([var.role_sts_externalid])
  own   = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role${var.role_path}${coalesce(var.role_name, try("${var.role_name_prefix}*", "*"))}"
  other = var.role_requires_session_name
  attached = concat(
    var.custom_role_policy_arns,
    var.attach_admin_policy ? [var.admin_role_policy_arn] : [],
    var.attach_poweruser_policy ? [var.poweruser_role_policy_arn] : [],
    var.attach_readonly_policy ? [var.readonly_role_policy_arn] : [],
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

  statement {
    actions = distinct(concat(["sts:AssumeRole"], var.trusted_role_actions))

    dynamic "principals" {
      for_each = { for type, trusted in { AWS = var.trusted_role_arns, Service = var.trusted_role_services } : type => trusted if length(trusted) > 0 }

      content {
        type        = principals.key
        identifiers = principals.value
      }
    }

    dynamic "condition" {
      for_each = var.role_requires_mfa ? ["true"] : []

      content {
        test     = "Bool"
        variable = "aws:MultiFactorAuthPresent"
        values   = [condition.value]
      }
    }

    dynamic "condition" {
      for_each = length(local.ids) > 0 ? [local.ids] : []

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = condition.value
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

resource "aws_iam_role" "made" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn == "" ? null : var.role_permissions_boundary_arn
  tags                 = var.tags
  assume_role_policy = (
    var.create_custom_role_trust_policy && var.custom_role_trust_policy != "" ? var.custom_role_trust_policy
    : local.other ? data.external.not_outlined.result.trust
    : data.aws_iam_policy_document.trust.json
  )
}

resource "aws_iam_role_policy_attachment" "given" {
  count      = var.create_role ? length(local.attached) : 0
  role       = aws_iam_role.made[0].name
  policy_arn = local.attached[count.index]
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create_role && length(var.inline_policy_statements) > 0 ? 1 : 0
  role   = aws_iam_role.made[0].name
  policy = data.external.not_outlined.result.inline
}

resource "aws_iam_instance_profile" "profile" {
  count = var.create_role && var.create_instance_profile ? 1 : 0
  name  = var.role_name
  role  = aws_iam_role.made[0].name
}

output "iam_role_arn" {
  value = try(aws_iam_role.made[0].arn, "")
}

output "iam_role_name" {
  value = try(aws_iam_role.made[0].name, "")
}

output "iam_role_unique_id" {
  value = try(aws_iam_role.made[0].unique_id, "")
}

output "iam_instance_profile_arn" {
  value = try(aws_iam_instance_profile.profile[0].arn, "")
}

output "iam_instance_profile_name" {
  value = try(aws_iam_instance_profile.profile[0].name, "")
}
