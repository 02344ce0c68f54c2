# A control plane that logs some of it unless told otherwise; add-ons are arguments of the cluster.
variable "cluster_enabled_log_types" {
  default = ["audit", "api", "authenticator"]
}

variable "cluster_addons" {
  default = {}
}

locals {
  addons = var.cluster_addons
}
