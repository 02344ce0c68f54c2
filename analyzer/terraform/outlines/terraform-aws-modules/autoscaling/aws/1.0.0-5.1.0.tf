# A launch configuration; its versions say when there is one.
variable "root_block_device" {
  default = []
}

variable "ebs_block_device" {
  default = []
}

resource "aws_launch_configuration" "configuration" {
  count                = local.create_configuration ? 1 : 0
  iam_instance_profile = local.configuration_profile

  dynamic "root_block_device" {
    for_each = var.root_block_device

    content {
      encrypted = try(root_block_device.value.encrypted, null)
    }
  }

  dynamic "ebs_block_device" {
    for_each = var.ebs_block_device

    content {
      device_name = try(ebs_block_device.value.device_name, null)
      encrypted   = try(ebs_block_device.value.encrypted, null)
      no_device   = try(ebs_block_device.value.no_device, null)
      snapshot_id = try(ebs_block_device.value.snapshot_id, null)
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
