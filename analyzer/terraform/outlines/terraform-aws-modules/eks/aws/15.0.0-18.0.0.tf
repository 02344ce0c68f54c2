# What the cluster is switched off with, and a control plane that logs nothing unless told otherwise.
variable "create_eks" {
  default = true
}

variable "cluster_enabled_log_types" {
  default = []
}

locals {
  create     = var.create_eks
  create_key = false
}
