variable "rotate" {
  default = false
}

variable "spec" {
  default = "SYMMETRIC_DEFAULT"
}

resource "aws_kms_key" "this" {
  customer_master_key_spec = var.spec
  enable_key_rotation      = var.rotate
}
