# A launch template unless it is switched off.
variable "create_launch_template" {
  default = true
}

variable "create_iam_instance_profile" {
  default = false
}

locals {
  create_template = var.create_launch_template
  create_profile  = var.create_iam_instance_profile
}
