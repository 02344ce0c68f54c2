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

output "cluster_arn" {
  value = try(aws_rds_cluster.cluster[0].arn, "")
}

output "cluster_id" {
  value = try(aws_rds_cluster.cluster[0].id, "")
}

output "cluster_resource_id" {
  value = try(aws_rds_cluster.cluster[0].cluster_resource_id, "")
}

output "cluster_endpoint" {
  value = try(aws_rds_cluster.cluster[0].endpoint, "")
}

output "cluster_reader_endpoint" {
  value = try(aws_rds_cluster.cluster[0].reader_endpoint, "")
}

output "cluster_master_user_secret" {
  value = try(aws_rds_cluster.cluster[0].master_user_secret, [])
}
