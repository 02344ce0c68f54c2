# A launch template; its versions say when there is one.
variable "iam_instance_profile_name" {
  default = null
}

variable "iam_instance_profile_arn" {
  default = null
}

variable "block_device_mappings" {
  default = []
}

variable "metadata_options" {
  default = null
}

locals {
  metadata_options = try(length(var.metadata_options) > 0, false) ? [var.metadata_options] : []
}

data "external" "not_outlined" {}

resource "aws_launch_template" "template" {
  count = local.create_template ? 1 : 0
  tags  = data.external.not_outlined.result

  dynamic "iam_instance_profile" {
    for_each = local.create_profile || var.iam_instance_profile_name != null || var.iam_instance_profile_arn != null ? [true] : []

    content {
      name = var.iam_instance_profile_name
      arn  = var.iam_instance_profile_arn
    }
  }

  dynamic "block_device_mappings" {
    for_each = var.block_device_mappings

    content {
      device_name  = try(block_device_mappings.value.device_name, null)
      no_device    = try(block_device_mappings.value.no_device, null)
      virtual_name = try(block_device_mappings.value.virtual_name, null)

      dynamic "ebs" {
        for_each = try(block_device_mappings.value.ebs, null) == null ? [] : flatten([block_device_mappings.value.ebs])

        content {
          encrypted   = try(ebs.value.encrypted, null)
          kms_key_id  = try(ebs.value.kms_key_id, null)
          snapshot_id = try(ebs.value.snapshot_id, null)
        }
      }
    }
  }

  dynamic "metadata_options" {
    for_each = local.metadata_options

    content {
      http_endpoint = try(metadata_options.value.http_endpoint, null)
      http_tokens   = try(metadata_options.value.http_tokens, null)
    }
  }
}
