# What the cluster is switched off with, and a control plane that logs some of it unless told otherwise.
variable "create" {
  default = true
}

variable "cluster_enabled_log_types" {
  default = ["audit", "api", "authenticator"]
}

locals {
  create = var.create
}
