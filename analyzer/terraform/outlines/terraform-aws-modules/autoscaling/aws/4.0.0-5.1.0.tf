# A launch configuration or a launch template, when asked for.
variable "create_lc" {
  default = false
}

variable "create_lt" {
  default = false
}

locals {
  create_configuration  = var.create_lc
  configuration_profile = var.iam_instance_profile_name
  create_template       = var.create_lt
  create_profile        = false
}
