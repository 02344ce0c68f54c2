# A cluster that encrypts secrets and has no public endpoint unless told otherwise.
variable "create" {
  default = true
}

variable "create_kms_key" {
  default = true
}

variable "outpost_config" {
  default = null
}

variable "authentication_mode" {
  default = "API_AND_CONFIG_MAP"
}

variable "encryption_config" {
  default = {}
}

variable "enabled_log_types" {
  default = ["audit", "api", "authenticator"]
}

variable "endpoint_private_access" {
  default = true
}

variable "endpoint_public_access" {
  default = false
}

variable "endpoint_public_access_cidrs" {
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
  enabled_cluster_log_types = var.enabled_log_types
  tags                      = merge(var.tags, var.cluster_tags)

  access_config {
    authentication_mode = var.authentication_mode
  }

  vpc_config {
    endpoint_private_access = var.endpoint_private_access
    endpoint_public_access  = var.endpoint_public_access
    public_access_cidrs     = var.endpoint_public_access_cidrs
  }

  dynamic "encryption_config" {
    for_each = var.encryption_config != null && try(length(var.outpost_config) == 0, true) ? [var.encryption_config] : []

    content {
      resources = try(encryption_config.value.resources, ["secrets"])

      provider {
        key_arn = var.create_kms_key ? data.external.not_outlined.result["key"] : try(encryption_config.value.provider_key_arn, null)
      }
    }
  }
}
