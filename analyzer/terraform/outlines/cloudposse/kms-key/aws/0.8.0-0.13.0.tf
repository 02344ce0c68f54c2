# A key and its alias.
variable "context" {
  default = {}
}

variable "enabled" {
  default = null
}

variable "namespace" {
  default = null
}

variable "tenant" {
  default = null
}

variable "environment" {
  default = null
}

variable "stage" {
  default = null
}

variable "name" {
  default = null
}

variable "delimiter" {
  default = null
}

variable "label_order" {
  default = null
}

variable "regex_replace_chars" {
  default = null
}

variable "id_length_limit" {
  default = null
}

variable "label_key_case" {
  default = null
}

variable "label_value_case" {
  default = null
}

variable "attributes" {
  default = []
}

variable "tags" {
  default = {}
}

variable "alias" {
  default = ""
}

variable "policy" {
  default = ""
}

variable "description" {
  default = null
}

variable "enable_key_rotation" {
  default = true
}

variable "deletion_window_in_days" {
  default = 10
}

variable "key_usage" {
  default = "ENCRYPT_DECRYPT"
}

variable "customer_master_key_spec" {
  default = "SYMMETRIC_DEFAULT"
}

variable "multi_region" {
  default = false
}

# What it is called, as with all modules of this family.
module "label" {
  source  = "cloudposse/label/null"
  version = "0.25.0"

  enabled             = var.enabled
  namespace           = var.namespace
  tenant              = var.tenant
  environment         = var.environment
  stage               = var.stage
  name                = var.name
  delimiter           = var.delimiter
  attributes          = var.attributes
  tags                = var.tags
  label_order         = var.label_order
  regex_replace_chars = var.regex_replace_chars
  id_length_limit     = var.id_length_limit
  label_key_case      = var.label_key_case
  label_value_case    = var.label_value_case
  context             = var.context
}

resource "aws_kms_key" "made" {
  count                    = module.label.enabled ? 1 : 0
  description              = var.description
  enable_key_rotation      = var.enable_key_rotation
  deletion_window_in_days  = var.deletion_window_in_days
  key_usage                = var.key_usage
  customer_master_key_spec = var.customer_master_key_spec
  multi_region             = var.multi_region
  policy                   = var.policy != "" ? var.policy : null
  tags                     = module.label.tags
}

resource "aws_kms_alias" "made" {
  count         = module.label.enabled ? 1 : 0
  name          = try(length(var.alias) > 0, false) ? var.alias : "alias/${module.label.id}"
  target_key_id = aws_kms_key.made[0].key_id
}

output "key_arn" {
  value = try(aws_kms_key.made[0].arn, "")
}

output "key_id" {
  value = try(aws_kms_key.made[0].key_id, "")
}

output "alias_arn" {
  value = try(aws_kms_alias.made[0].arn, "")
}

output "alias_name" {
  value = try(aws_kms_alias.made[0].name, "")
}
