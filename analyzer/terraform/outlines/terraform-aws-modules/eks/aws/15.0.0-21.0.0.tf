# Arguments are named after the cluster.
variable "cluster_endpoint_public_access_cidrs" {
  default = ["0.0.0.0/0"]
}

# Told apart from other versions by these names, where a call allows any version.
variable "cluster_name" {
  default = null
}

variable "cluster_version" {
  default = null
}

locals {
  name                = var.cluster_name
  log_types           = var.cluster_enabled_log_types
  private_access      = var.cluster_endpoint_private_access
  public_access       = var.cluster_endpoint_public_access
  public_access_cidrs = var.cluster_endpoint_public_access_cidrs
}
