# A launch configuration is made unless it is switched off.
variable "create_lc" {
  default = true
}

locals {
  create_configuration = var.create_lc
}
