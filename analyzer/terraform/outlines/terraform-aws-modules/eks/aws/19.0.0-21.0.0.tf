# Secrets are encrypted and the public endpoint is off unless told otherwise.
variable "cluster_encryption_config" {
  default = {
    resources = ["secrets"]
  }
}

variable "cluster_endpoint_private_access" {
  default = true
}

variable "cluster_endpoint_public_access" {
  default = false
}

locals {
  encrypts           = try(length(var.cluster_encryption_config) > 0, false)
  encryption_configs = local.encrypts && local.in_region ? [var.cluster_encryption_config] : []
}
