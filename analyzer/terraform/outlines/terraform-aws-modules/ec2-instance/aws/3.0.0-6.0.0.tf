# An instance; what it demands of requests for metadata unless told otherwise, its versions say.
variable "create" {
  default = true
}

variable "create_spot_instance" {
  default = false
}

variable "create_iam_instance_profile" {
  default = false
}

variable "iam_instance_profile" {
  default = null
}

variable "launch_template" {
  default = null
}

variable "tags" {
  default = {}
}

variable "metadata_options" {
  default = {}
}

variable "root_block_device" {
  default = []
}

variable "ebs_block_device" {
  default = []
}

data "external" "not_outlined" {}

resource "aws_instance" "instance" {
  count                = var.create && !var.create_spot_instance ? 1 : 0
  iam_instance_profile = var.create_iam_instance_profile ? data.external.not_outlined.result["profile"] : var.iam_instance_profile
  tags                 = var.tags

  dynamic "metadata_options" {
    for_each = var.metadata_options == null ? [] : [var.metadata_options]

    content {
      http_endpoint = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens   = try(metadata_options.value.http_tokens, local.http_tokens)
    }
  }

  dynamic "launch_template" {
    for_each = try(length(var.launch_template) > 0, false) ? [var.launch_template] : []

    content {
      id   = try(launch_template.value.id, null)
      name = try(launch_template.value.name, null)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device

    content {
      encrypted  = try(root_block_device.value.encrypted, null)
      kms_key_id = try(root_block_device.value.kms_key_id, null)
    }
  }

  dynamic "ebs_block_device" {
    for_each = var.ebs_block_device

    content {
      device_name = try(ebs_block_device.value.device_name, null)
      encrypted   = try(ebs_block_device.value.encrypted, null)
      kms_key_id  = try(ebs_block_device.value.kms_key_id, null)
      snapshot_id = try(ebs_block_device.value.snapshot_id, null)
    }
  }
}
