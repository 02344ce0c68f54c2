variable "rotate" {
  type    = bool
  default = true
}

resource "aws_kms_key" "data" {
  enable_key_rotation = var.rotate
}
