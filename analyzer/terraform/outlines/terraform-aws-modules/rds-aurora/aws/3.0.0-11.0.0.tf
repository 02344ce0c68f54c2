# A cluster; its instances are not outlined.
variable "engine" {
  default = null
}

variable "engine_mode" {
  default = null
}

variable "global_cluster_identifier" {
  default = null
}

variable "replication_source_identifier" {
  default = null
}

variable "snapshot_identifier" {
  default = null
}

variable "storage_encrypted" {
  default = true
}

variable "kms_key_id" {
  default = null
}

variable "iam_database_authentication_enabled" {
  default = false
}

variable "tags" {
  default = {}
}

variable "cluster_tags" {
  default = {}
}

resource "aws_rds_cluster" "cluster" {
  count                               = local.create ? 1 : 0
  engine                              = var.engine
  engine_mode                         = var.engine_mode
  global_cluster_identifier           = var.global_cluster_identifier
  replication_source_identifier       = try(length(var.replication_source_identifier) > 0, false) ? var.replication_source_identifier : null
  snapshot_identifier                 = try(length(var.snapshot_identifier) > 0, false) ? var.snapshot_identifier : null
  storage_encrypted                   = var.storage_encrypted
  kms_key_id                          = try(length(var.kms_key_id) > 0, true) ? var.kms_key_id : null
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  tags                                = merge(var.tags, var.cluster_tags)
}
