# A cluster.
variable "cluster_encryption_config" {
  default = []
}

variable "cluster_endpoint_private_access" {
  default = false
}

variable "cluster_endpoint_public_access" {
  default = true
}

variable "cluster_endpoint_public_access_cidrs" {
  default = ["0.0.0.0/0"]
}

variable "tags" {
  default = {}
}

variable "cluster_tags" {
  default = {}
}

data "external" "not_outlined" {}

resource "aws_eks_cluster" "cluster" {
  count                     = local.create ? 1 : 0
  enabled_cluster_log_types = var.cluster_enabled_log_types
  tags                      = merge(var.tags, var.cluster_tags)

  vpc_config {
    endpoint_private_access = var.cluster_endpoint_private_access
    endpoint_public_access  = var.cluster_endpoint_public_access
    public_access_cidrs     = var.cluster_endpoint_public_access_cidrs
  }

  dynamic "encryption_config" {
    for_each = var.cluster_encryption_config

    content {
      resources = encryption_config.value.resources

      provider {
        key_arn = try(encryption_config.value.provider_key_arn, data.external.not_outlined.result["key"])
      }
    }
  }
}
