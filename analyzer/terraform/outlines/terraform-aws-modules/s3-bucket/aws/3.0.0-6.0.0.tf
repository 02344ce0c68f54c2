# A bucket with its settings in resources of their own, each made when its argument is given.
variable "create_bucket" {
  default = true
}

variable "is_directory_bucket" {
  default = false
}

variable "bucket" {
  default = null
}

variable "bucket_prefix" {
  default = null
}

variable "force_destroy" {
  default = false
}

variable "tags" {
  default = {}
}

variable "acl" {
  default = null
}

variable "grant" {
  default = []
}

variable "logging" {
  default = {}
}

variable "versioning" {
  default = {}
}

variable "server_side_encryption_configuration" {
  default = {}
}

variable "attach_public_policy" {
  default = true
}

variable "policy" {
  default = null
}

variable "attach_policy" {
  default = false
}

variable "attach_deny_insecure_transport_policy" {
  default = false
}

# Policies of which only is outlined which services deliver access logs.
variable "attach_elb_log_delivery_policy" {
  default = false
}

variable "attach_lb_log_delivery_policy" {
  default = false
}

variable "attach_access_log_delivery_policy" {
  default = false
}

variable "attach_cloudtrail_log_delivery_policy" {
  default = false
}

variable "attach_waf_log_delivery_policy" {
  default = false
}

variable "attach_require_latest_tls_policy" {
  default = false
}

variable "attach_inventory_destination_policy" {
  default = false
}

variable "attach_analytics_destination_policy" {
  default = false
}

variable "attach_deny_incorrect_encryption_headers" {
  default = false
}

variable "attach_deny_incorrect_kms_key_sse" {
  default = false
}

variable "allowed_kms_key_arn" {
  default = null
}

variable "attach_deny_unencrypted_object_uploads" {
  default = false
}

variable "attach_deny_ssec_encrypted_object_uploads" {
  default = false
}

locals {
  made = var.create_bucket && !var.is_directory_bucket
  other_policies = anytrue([
    var.attach_elb_log_delivery_policy, var.attach_lb_log_delivery_policy, var.attach_access_log_delivery_policy,
    var.attach_cloudtrail_log_delivery_policy, var.attach_waf_log_delivery_policy, var.attach_require_latest_tls_policy,
    var.attach_inventory_destination_policy, var.attach_analytics_destination_policy,
  ])
  denied_uploads = anytrue([
    var.attach_deny_unencrypted_object_uploads, var.attach_deny_incorrect_encryption_headers,
    var.attach_deny_incorrect_kms_key_sse, var.attach_deny_ssec_encrypted_object_uploads,
  ])
  encrypts_with = try(var.server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm, "AES256")
  grants        = try(jsondecode(var.grant), var.grant)
}

data "external" "not_outlined" {}

resource "aws_s3_bucket" "bucket" {
  count         = local.made ? 1 : 0
  bucket        = var.bucket
  bucket_prefix = var.bucket_prefix
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "block" {
  count                   = local.made && var.attach_public_policy ? 1 : 0
  bucket                  = aws_s3_bucket.bucket[0].id
  block_public_acls       = var.block_public_acls
  block_public_policy     = var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets
}

resource "aws_s3_bucket_acl" "acl" {
  count  = local.made && ((var.acl != null && var.acl != "null") || length(local.grants) > 0) ? 1 : 0
  bucket = aws_s3_bucket.bucket[0].id
  acl    = var.acl == "null" ? null : var.acl

  dynamic "access_control_policy" {
    for_each = length(local.grants) > 0 ? [local.grants] : []

    content {
      dynamic "grant" {
        for_each = access_control_policy.value

        content {
          permission = grant.value.permission

          grantee {
            type = grant.value.type
            id   = try(grant.value.id, null)
            uri  = try(grant.value.uri, null)
          }
        }
      }
    }
  }
}

resource "aws_s3_bucket_versioning" "versioning" {
  count  = local.made && length(var.versioning) > 0 ? 1 : 0
  bucket = aws_s3_bucket.bucket[0].id
  mfa    = try(var.versioning.mfa, null)

  versioning_configuration {
    status = try(
      tobool(var.versioning.enabled) ? "Enabled" : "Suspended",
      tobool(var.versioning.status) ? "Enabled" : "Suspended",
      title(lower(var.versioning.status))
    )
    mfa_delete = (
      try(var.versioning.mfa_delete, null) == null ? null :
      try(tobool(var.versioning.mfa_delete), lower(var.versioning.mfa_delete) == "enabled") ? "Enabled" : "Disabled"
    )
  }
}

resource "aws_s3_bucket_logging" "logging" {
  count         = local.made && length(var.logging) > 0 ? 1 : 0
  bucket        = aws_s3_bucket.bucket[0].id
  target_bucket = try(var.logging.target_bucket, data.external.not_outlined.result["target_bucket"])
  target_prefix = try(var.logging.target_prefix, null)
}

resource "aws_s3_bucket_server_side_encryption_configuration" "encryption" {
  count  = local.made && length(var.server_side_encryption_configuration) > 0 ? 1 : 0
  bucket = aws_s3_bucket.bucket[0].id

  dynamic "rule" {
    for_each = try(flatten([var.server_side_encryption_configuration.rule]), [])

    content {
      bucket_key_enabled = try(rule.value.bucket_key_enabled, null)

      dynamic "apply_server_side_encryption_by_default" {
        for_each = try(flatten([rule.value.apply_server_side_encryption_by_default]), [])
        iterator = default

        content {
          sse_algorithm     = default.value.sse_algorithm
          kms_master_key_id = try(default.value.kms_master_key_id, null)
        }
      }
    }
  }
}

data "aws_iam_policy_document" "encrypted_connections" {
  count = local.made && var.attach_deny_insecure_transport_policy ? 1 : 0

  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.bucket[0].arn, "${aws_s3_bucket.bucket[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

data "aws_iam_policy_document" "known_algorithm" {
  count = local.made && var.attach_deny_incorrect_encryption_headers ? 1 : 0

  statement {
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.bucket[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = [local.encrypts_with == "aws:kms" ? "aws:kms" : "AES256"]
    }
  }
}

data "aws_iam_policy_document" "any_algorithm" {
  count = local.made && var.attach_deny_unencrypted_object_uploads ? 1 : 0

  statement {
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.bucket[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["true"]
    }
  }
}

data "aws_iam_policy_document" "known_key" {
  count = local.made && var.attach_deny_incorrect_kms_key_sse ? 1 : 0

  statement {
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.bucket[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = [var.allowed_kms_key_arn]
    }
  }
}

data "aws_iam_policy_document" "no_key_of_the_caller" {
  count = local.made && var.attach_deny_ssec_encrypted_object_uploads ? 1 : 0

  statement {
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.bucket[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption-customer-algorithm"
      values   = ["false"]
    }
  }
}

data "aws_iam_policy_document" "log_delivery" {
  count = local.made ? 1 : 0

  dynamic "statement" {
    for_each = concat(
      var.attach_elb_log_delivery_policy ? ["logdelivery.elasticloadbalancing.amazonaws.com"] : [],
      var.attach_access_log_delivery_policy ? ["logging.s3.amazonaws.com"] : [],
    )

    content {
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.bucket[0].arn}/*"]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }
    }
  }
}

data "aws_iam_policy_document" "policy" {
  count = local.made ? 1 : 0

  source_policy_documents = concat(
    data.aws_iam_policy_document.encrypted_connections[*].json,
    var.attach_elb_log_delivery_policy || var.attach_access_log_delivery_policy ? [data.aws_iam_policy_document.log_delivery[0].json] : [],
    data.aws_iam_policy_document.any_algorithm[*].json,
    data.aws_iam_policy_document.known_algorithm[*].json,
    data.aws_iam_policy_document.known_key[*].json,
    data.aws_iam_policy_document.no_key_of_the_caller[*].json,
    var.attach_policy && var.policy != null ? [var.policy] : [],
    local.other_policies ? [data.external.not_outlined.result["policy"]] : [],
  )
}

resource "aws_s3_bucket_policy" "policy" {
  count  = local.made && (var.attach_policy || var.attach_deny_insecure_transport_policy || local.denied_uploads || local.other_policies) ? 1 : 0
  bucket = aws_s3_bucket.bucket[0].id
  policy = data.aws_iam_policy_document.policy[0].json
}

output "s3_bucket_id" {
  value = try(aws_s3_bucket.bucket[0].id, "")
}

output "s3_bucket_arn" {
  value = try(aws_s3_bucket.bucket[0].arn, "")
}

output "s3_bucket_bucket_domain_name" {
  value = try(aws_s3_bucket.bucket[0].bucket_domain_name, "")
}

output "s3_bucket_bucket_regional_domain_name" {
  value = try(aws_s3_bucket.bucket[0].bucket_regional_domain_name, "")
}

output "s3_bucket_hosted_zone_id" {
  value = try(aws_s3_bucket.bucket[0].hosted_zone_id, "")
}

output "s3_bucket_region" {
  value = try(aws_s3_bucket.bucket[0].region, "")
}
