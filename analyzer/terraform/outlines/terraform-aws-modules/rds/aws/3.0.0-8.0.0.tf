# One database instance.
variable "create_db_instance" {
  default = true
}

variable "engine" {
  default = null
}

variable "replicate_source_db" {
  default = null
}

variable "snapshot_identifier" {
  default = null
}

variable "kms_key_id" {
  default = null
}

variable "iam_database_authentication_enabled" {
  default = false
}

variable "publicly_accessible" {
  default = false
}

variable "monitoring_interval" {
  default = 0
}

variable "monitoring_role_arn" {
  default = null
}

variable "create_monitoring_role" {
  default = false
}

variable "tags" {
  default = {}
}

variable "db_instance_tags" {
  default = {}
}

data "external" "not_outlined" {}

resource "aws_db_instance" "instance" {
  count                               = var.create_db_instance ? 1 : 0
  engine                              = var.replicate_source_db == null ? var.engine : null
  replicate_source_db                 = var.replicate_source_db
  snapshot_identifier                 = var.snapshot_identifier
  storage_encrypted                   = var.storage_encrypted
  kms_key_id                          = var.kms_key_id
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  publicly_accessible                 = var.publicly_accessible
  monitoring_interval                 = var.monitoring_interval
  monitoring_role_arn                 = var.create_monitoring_role ? data.external.not_outlined.result["role"] : var.monitoring_role_arn
  tags                                = merge(var.tags, var.db_instance_tags)
}
