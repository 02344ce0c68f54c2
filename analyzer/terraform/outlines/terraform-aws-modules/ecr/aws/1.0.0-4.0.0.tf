# A private repository with its policy. Of public ones nothing is asked.
variable "create" {
  default = true
}

variable "create_repository" {
  default = true
}

variable "repository_type" {
  default = "private"
}

variable "repository_name" {
  default = ""
}

variable "repository_image_tag_mutability" {
  default = "IMMUTABLE"
}

variable "repository_image_tag_mutability_exclusion_filter" {
  default = null
}

variable "repository_encryption_type" {
  default = null
}

variable "repository_kms_key" {
  default = null
}

variable "repository_image_scan_on_push" {
  default = true
}

variable "tags" {
  default = {}
}

variable "attach_repository_policy" {
  default = true
}

variable "create_repository_policy" {
  default = true
}

variable "repository_policy" {
  default = null
}

variable "repository_read_access_arns" {
  default = []
}

variable "repository_read_write_access_arns" {
  default = []
}

variable "repository_lambda_read_access_arns" {
  default = []
}

variable "repository_policy_statements" {
  default = null
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "external" "not_outlined" {}

locals {
  made = var.create && var.create_repository && var.repository_type == "private"
}

data "aws_iam_policy_document" "repository" {
  statement {
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:DescribeImageScanFindings",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:GetDownloadUrlForLayer",
      "ecr:GetLifecyclePolicy",
      "ecr:GetLifecyclePolicyPreview",
      "ecr:GetRepositoryPolicy",
      "ecr:ListImages",
      "ecr:ListTagsForResource",
    ]

    principals {
      type = "AWS"
      identifiers = coalescelist(
        concat(var.repository_read_access_arns, var.repository_read_write_access_arns),
        ["arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"],
      )
    }
  }

  dynamic "statement" {
    for_each = length(var.repository_lambda_read_access_arns) > 0 ? [var.repository_lambda_read_access_arns] : []

    content {
      actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

      principals {
        type        = "Service"
        identifiers = ["lambda.amazonaws.com"]
      }

      condition {
        test     = "StringLike"
        variable = "aws:sourceArn"
        values   = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.repository_read_write_access_arns) > 0 ? [var.repository_read_write_access_arns] : []

    content {
      actions = ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }
    }
  }

  dynamic "statement" {
    for_each = var.repository_policy_statements == null ? {} : var.repository_policy_statements

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
        for_each = flatten([for given in [try(statement.value.conditions, null)] : given if given != null])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_ecr_repository" "made" {
  count                = local.made ? 1 : 0
  name                 = var.repository_name
  image_tag_mutability = var.repository_image_tag_mutability
  tags                 = var.tags

  encryption_configuration {
    encryption_type = var.repository_encryption_type
    kms_key         = var.repository_kms_key
  }

  image_scanning_configuration {
    scan_on_push = var.repository_image_scan_on_push
  }

  dynamic "image_tag_mutability_exclusion_filter" {
    for_each = var.repository_image_tag_mutability_exclusion_filter == null ? [] : var.repository_image_tag_mutability_exclusion_filter

    content {
      filter      = image_tag_mutability_exclusion_filter.value.filter
      filter_type = image_tag_mutability_exclusion_filter.value.filter_type
    }
  }
}

resource "aws_ecr_repository_policy" "made" {
  count      = local.made && var.attach_repository_policy ? 1 : 0
  repository = aws_ecr_repository.made[0].name
  policy     = var.create_repository_policy ? data.aws_iam_policy_document.repository.json : var.repository_policy
}

output "repository_name" {
  value = local.made ? aws_ecr_repository.made[0].name : data.external.not_outlined.result.name
}

output "repository_arn" {
  value = local.made ? aws_ecr_repository.made[0].arn : data.external.not_outlined.result.arn
}

output "repository_registry_id" {
  value = local.made ? aws_ecr_repository.made[0].registry_id : data.external.not_outlined.result.registry_id
}

output "repository_url" {
  value = local.made ? aws_ecr_repository.made[0].repository_url : data.external.not_outlined.result.url
}
