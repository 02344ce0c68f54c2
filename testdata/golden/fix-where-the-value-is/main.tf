variable "rotate" {
  default = false
}

variable "from_file" {
  type = bool
}

locals {
  rotate = false
  keys = {
    good = { rotate = true }
    bad  = { rotate = false, note = "only this one" }
  }
}

resource "aws_kms_key" "by_default" {
  enable_key_rotation = var.rotate
}

resource "aws_kms_key" "by_file" {
  enable_key_rotation = var.from_file
}

resource "aws_kms_key" "by_local" {
  enable_key_rotation = local.rotate
}

resource "aws_kms_key" "by_element" {
  for_each = local.keys

  enable_key_rotation = each.value.rotate
}

resource "aws_kms_key" "by_expression" {
  enable_key_rotation = length(local.keys) > 5
}

module "key" {
  source = "./key"
  rotate = false
}

module "left_to_default" {
  source = "./key"
}

module "asymmetric" {
  source = "./key"
  spec   = "RSA_2048"
}
