variable "create" {
  default = true
}

locals {
  made = var.create
}
