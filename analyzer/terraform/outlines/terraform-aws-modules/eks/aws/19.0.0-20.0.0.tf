# A cluster that encrypts secrets and has no public endpoint unless told otherwise.
variable "create" {
  default = true
}

variable "create_kms_key" {
  default = true
}

variable "outpost_config" {
  default = {}
}

variable "cluster_encryption_config" {
  default = {
    resources = ["secrets"]
  }
}

variable "cluster_enabled_log_types" {
  default = ["audit", "api", "authenticator"]
}

variable "cluster_endpoint_private_access" {
  default = true
}

variable "cluster_endpoint_public_access" {
  default = false
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
  count                     = var.create ? 1 : 0
  enabled_cluster_log_types = var.cluster_enabled_log_types
  tags                      = merge(var.tags, var.cluster_tags)

  vpc_config {
    endpoint_private_access = var.cluster_endpoint_private_access
    endpoint_public_access  = var.cluster_endpoint_public_access
    public_access_cidrs     = var.cluster_endpoint_public_access_cidrs
  }

  dynamic "encryption_config" {
    for_each = try(length(var.cluster_encryption_config) > 0, false) && try(length(var.outpost_config) == 0, true) ? [var.cluster_encryption_config] : []

    content {
      resources = try(encryption_config.value.resources, ["secrets"])

      provider {
        key_arn = var.create_kms_key ? data.external.not_outlined.result["key"] : try(encryption_config.value.provider_key_arn, null)
      }
    }
  }
}
