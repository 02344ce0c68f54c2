# A topic with the policy that it is given.
variable "create_sns_topic" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "fifo_topic" {
  default = false
}

variable "policy" {
  default = null
}

variable "kms_master_key_id" {
  default = null
}

variable "tags" {
  default = {}
}

resource "aws_sns_topic" "topic" {
  count             = var.create_sns_topic ? 1 : 0
  name              = var.name
  name_prefix       = var.name_prefix
  fifo_topic        = var.fifo_topic
  policy            = var.policy
  kms_master_key_id = var.kms_master_key_id
  tags              = var.tags
}
