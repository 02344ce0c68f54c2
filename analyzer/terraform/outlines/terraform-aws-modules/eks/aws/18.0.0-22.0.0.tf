# What the cluster is switched off with, and that its key can be made with it.
variable "create" {
  default = true
}

locals {
  create     = var.create
  create_key = var.create_kms_key
}
