# A network with its default security group and its flow log; subnets and routes are not outlined.
variable "create_vpc" {
  default = true
}

variable "name" {
  default = ""
}

variable "use_ipam_pool" {
  default = false
}

variable "secondary_cidr_blocks" {
  default = []
}

variable "public_subnets" {
  default = []
}

variable "private_subnets" {
  default = []
}

variable "database_subnets" {
  default = []
}

variable "intra_subnets" {
  default = []
}

variable "tags" {
  default = {}
}

variable "vpc_tags" {
  default = {}
}

variable "default_security_group_ingress" {
  default = []
}

variable "default_security_group_name" {
  default = null
}

variable "default_security_group_tags" {
  default = {}
}

variable "enable_flow_log" {
  default = false
}

variable "flow_log_destination_type" {
  default = "cloud-watch-logs"
}

variable "create_flow_log_cloudwatch_iam_role" {
  default = false
}

variable "create_flow_log_cloudwatch_log_group" {
  default = false
}

variable "flow_log_cloudwatch_log_group_name_prefix" {
  default = "/aws/vpc-flow-log/"
}

variable "flow_log_cloudwatch_log_group_name_suffix" {
  default = ""
}

variable "flow_log_cloudwatch_log_group_retention_in_days" {
  default = null
}

variable "flow_log_cloudwatch_log_group_kms_key_id" {
  default = null
}

variable "vpc_flow_log_tags" {
  default = {}
}

locals {
  logged   = var.create_vpc && var.enable_flow_log && var.flow_log_destination_type != "s3"
  log_name = var.flow_log_cloudwatch_log_group_name_suffix == "" ? try(aws_vpc.network[0].id, "") : var.flow_log_cloudwatch_log_group_name_suffix
}

resource "aws_vpc" "network" {
  count      = var.create_vpc ? 1 : 0
  cidr_block = var.use_ipam_pool ? null : var.cidr
  tags       = merge({ Name = var.name }, var.tags, var.vpc_tags)
}

resource "aws_default_security_group" "closed" {
  count  = var.create_vpc && var.manage_default_security_group ? 1 : 0
  vpc_id = aws_vpc.network[0].id
  tags   = merge({ Name = try(coalesce(var.default_security_group_name), "${var.name}-default") }, var.tags, var.default_security_group_tags)

  dynamic "ingress" {
    for_each = flatten([for given in [var.default_security_group_ingress] : given if given != null])

    content {
      self             = lookup(ingress.value, "self", null)
      cidr_blocks      = compact(split(",", lookup(ingress.value, "cidr_blocks", "")))
      ipv6_cidr_blocks = compact(split(",", lookup(ingress.value, "ipv6_cidr_blocks", "")))
      prefix_list_ids  = compact(split(",", lookup(ingress.value, "prefix_list_ids", "")))
      security_groups  = compact(split(",", lookup(ingress.value, "security_groups", "")))
      from_port        = lookup(ingress.value, "from_port", 0)
      to_port          = lookup(ingress.value, "to_port", 0)
      protocol         = lookup(ingress.value, "protocol", "-1")
    }
  }
}

resource "aws_cloudwatch_log_group" "flow_log" {
  count             = local.logged && var.create_flow_log_cloudwatch_log_group ? 1 : 0
  name              = "${var.flow_log_cloudwatch_log_group_name_prefix}${local.log_name}"
  retention_in_days = var.flow_log_cloudwatch_log_group_retention_in_days
  kms_key_id        = var.flow_log_cloudwatch_log_group_kms_key_id
  tags              = merge(var.tags, var.vpc_flow_log_tags)
}

resource "aws_iam_policy" "flow_log" {
  count = local.logged && var.create_flow_log_cloudwatch_iam_role ? 1 : 0
  tags  = merge(var.tags, var.vpc_flow_log_tags)
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"]
      Resource = local.flow_logs
    }]
  })
}

output "vpc_id" {
  value = try(aws_vpc.network[0].id, null)
}

output "vpc_arn" {
  value = try(aws_vpc.network[0].arn, null)
}

output "vpc_cidr_block" {
  value = try(aws_vpc.network[0].cidr_block, null)
}

output "vpc_secondary_cidr_blocks" {
  value = var.create_vpc ? compact(var.secondary_cidr_blocks) : []
}

output "default_security_group_id" {
  value = try(aws_vpc.network[0].default_security_group_id, null)
}

output "public_subnets_cidr_blocks" {
  value = var.create_vpc ? compact(var.public_subnets) : []
}

output "private_subnets_cidr_blocks" {
  value = var.create_vpc ? compact(var.private_subnets) : []
}

output "database_subnets_cidr_blocks" {
  value = var.create_vpc ? compact(var.database_subnets) : []
}

output "intra_subnets_cidr_blocks" {
  value = var.create_vpc ? compact(var.intra_subnets) : []
}
