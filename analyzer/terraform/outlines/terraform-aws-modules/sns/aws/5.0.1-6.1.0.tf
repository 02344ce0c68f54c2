locals {
  name        = var.name
  name_prefix = var.name
}
