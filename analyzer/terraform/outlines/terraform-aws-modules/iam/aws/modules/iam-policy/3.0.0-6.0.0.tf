variable "create_policy" {
  default = true
}

locals {
  made = var.create_policy
}
