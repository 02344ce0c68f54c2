# What the cluster is switched off with.
variable "create" {
  default = true
}

locals {
  create = var.create
}
