# What the cluster is switched off with, and a control plane that logs nothing unless told otherwise.
variable "create_eks" {
  default = true
}

variable "cluster_enabled_log_types" {
  default = []
}

# Told apart from other versions by these names, where a call allows any version.
variable "subnets" {
  default = null
}

variable "worker_groups" {
  default = null
}

variable "node_groups" {
  default = null
}

variable "map_roles" {
  default = null
}

locals {
  create     = var.create_eks
  create_key = false
}
