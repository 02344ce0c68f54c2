variable "rotate_keys" {
  type = bool
}

module "storage" {
  source = "./modules/storage"

  rotate = var.rotate_keys
}
