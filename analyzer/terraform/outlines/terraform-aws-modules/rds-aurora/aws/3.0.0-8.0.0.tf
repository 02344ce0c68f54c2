# What the cluster is switched off with.
variable "create_cluster" {
  default = true
}

locals {
  create = var.create_cluster
}
