# A key is made unless told otherwise; clusters on outposts encrypt nothing.
variable "create_kms_key" {
  default = true
}

variable "outpost_config" {
  default = null
}

locals {
  in_region = try(length(var.outpost_config) == 0, true)
}
