# The cluster says who has access.
variable "authentication_mode" {
  default = "API_AND_CONFIG_MAP"
}

locals {
  authentication_modes = [var.authentication_mode]
}
