# A queue with the policy that it is given.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "name_prefix" {
  default = null
}

variable "fifo_queue" {
  default = false
}

variable "policy" {
  default = ""
}

variable "kms_master_key_id" {
  default = null
}

variable "sqs_managed_sse_enabled" {
  default = false
}

variable "tags" {
  default = {}
}

resource "aws_sqs_queue" "queue" {
  count                   = var.create ? 1 : 0
  name                    = var.name
  name_prefix             = var.name_prefix
  fifo_queue              = var.fifo_queue
  policy                  = var.policy == "" ? null : var.policy
  kms_master_key_id       = var.sqs_managed_sse_enabled ? null : var.kms_master_key_id
  sqs_managed_sse_enabled = var.sqs_managed_sse_enabled ? true : null
  tags                    = var.tags
}
