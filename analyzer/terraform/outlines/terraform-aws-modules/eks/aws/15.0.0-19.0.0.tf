# Secrets are encrypted when asked for.
variable "cluster_encryption_config" {
  default = []
}

variable "cluster_endpoint_private_access" {
  default = false
}

variable "cluster_endpoint_public_access" {
  default = true
}

locals {
  encryption_configs = var.cluster_encryption_config
}
