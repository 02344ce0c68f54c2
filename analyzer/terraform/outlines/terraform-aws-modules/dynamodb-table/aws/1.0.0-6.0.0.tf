# A table. What is added to it, such as indexes, is not outlined.
variable "create_table" {
  default = true
}

variable "name" {
  default = null
}

variable "hash_key" {
  default = null
}

variable "range_key" {
  default = null
}

variable "stream_enabled" {
  default = false
}

variable "server_side_encryption_enabled" {
  default = false
}

variable "server_side_encryption_kms_key_arn" {
  default = null
}

variable "point_in_time_recovery_enabled" {
  default = false
}

variable "tags" {
  default = {}
}

resource "aws_dynamodb_table" "table" {
  count          = var.create_table ? 1 : 0
  name           = var.name
  hash_key       = var.hash_key
  range_key      = var.range_key
  stream_enabled = var.stream_enabled
  tags           = merge(var.tags, { Name = var.name })

  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }
}

output "dynamodb_table_arn" {
  value = try(aws_dynamodb_table.table[0].arn, "")
}

output "dynamodb_table_id" {
  value = try(aws_dynamodb_table.table[0].id, "")
}

output "dynamodb_table_stream_arn" {
  value = try(aws_dynamodb_table.table[0].stream_arn, "")
}

output "dynamodb_table_stream_label" {
  value = try(aws_dynamodb_table.table[0].stream_label, "")
}
