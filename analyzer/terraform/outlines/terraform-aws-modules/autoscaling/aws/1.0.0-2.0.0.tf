# A launch configuration is made unless there is one.
variable "existing_launch_configuration" {
  default = ""
}

locals {
  create_configuration = var.existing_launch_configuration == ""
}
