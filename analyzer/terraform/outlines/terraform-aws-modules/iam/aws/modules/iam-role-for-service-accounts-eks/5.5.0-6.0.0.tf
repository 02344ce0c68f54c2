# A role for pods. What its ready-made policies say is not known.
variable "create_role" {
  default = true
}

variable "role_name" {
  default = null
}

variable "role_name_prefix" {
  default = null
}

variable "role_path" {
  default = "/"
}

variable "role_permissions_boundary_arn" {
  default = null
}

variable "max_session_duration" {
  default = null
}

variable "tags" {
  default = {}
}

variable "role_policy_arns" {
  default = {}
}

variable "oidc_providers" {
  default = {}
}

variable "assume_role_condition_test" {
  default = "StringEquals"
}

variable "attach_aws_gateway_controller_policy" {
  default = false
}

variable "attach_cert_manager_policy" {
  default = false
}

variable "attach_cluster_autoscaler_policy" {
  default = false
}

variable "attach_ebs_csi_policy" {
  default = false
}

variable "attach_efs_csi_policy" {
  default = false
}

variable "attach_mountpoint_s3_csi_policy" {
  default = false
}

variable "attach_external_dns_policy" {
  default = false
}

variable "attach_external_secrets_policy" {
  default = false
}

variable "attach_fsx_lustre_csi_policy" {
  default = false
}

variable "attach_fsx_openzfs_csi_policy" {
  default = false
}

variable "attach_karpenter_controller_policy" {
  default = false
}

variable "attach_load_balancer_controller_policy" {
  default = false
}

variable "attach_load_balancer_controller_targetgroup_binding_only_policy" {
  default = false
}

variable "attach_appmesh_controller_policy" {
  default = false
}

variable "attach_appmesh_envoy_proxy_policy" {
  default = false
}

variable "attach_amazon_managed_service_prometheus_policy" {
  default = false
}

variable "attach_velero_policy" {
  default = false
}

variable "attach_vpc_cni_policy" {
  default = false
}

variable "attach_node_termination_handler_policy" {
  default = false
}

variable "attach_cloudwatch_observability_policy" {
  default = false
}

data "external" "not_outlined" {}

locals {
  ready_made = anytrue([
    var.attach_aws_gateway_controller_policy,
    var.attach_cert_manager_policy,
    var.attach_cluster_autoscaler_policy,
    var.attach_ebs_csi_policy,
    var.attach_efs_csi_policy,
    var.attach_mountpoint_s3_csi_policy,
    var.attach_external_dns_policy,
    var.attach_external_secrets_policy,
    var.attach_fsx_lustre_csi_policy,
    var.attach_fsx_openzfs_csi_policy,
    var.attach_karpenter_controller_policy,
    var.attach_load_balancer_controller_policy,
    var.attach_load_balancer_controller_targetgroup_binding_only_policy,
    var.attach_appmesh_controller_policy,
    var.attach_appmesh_envoy_proxy_policy,
    var.attach_amazon_managed_service_prometheus_policy,
    var.attach_velero_policy,
    var.attach_vpc_cni_policy,
    var.attach_node_termination_handler_policy,
    var.attach_cloudwatch_observability_policy,
  ])
}

data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = var.oidc_providers

    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [statement.value.provider_arn]
      }

      condition {
        test     = var.assume_role_condition_test
        variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:sub"
        values   = [for account in statement.value.namespace_service_accounts : "system:serviceaccount:${account}"]
      }

      condition {
        test     = var.assume_role_condition_test
        variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "made" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary_arn
  max_session_duration = var.max_session_duration
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "given" {
  for_each   = var.create_role ? var.role_policy_arns : {}
  role       = aws_iam_role.made[0].name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "ready_made" {
  count      = var.create_role && local.ready_made ? 1 : 0
  role       = aws_iam_role.made[0].name
  policy_arn = data.external.not_outlined.result.policy
}

output "iam_role_arn" {
  value = try(aws_iam_role.made[0].arn, "")
}

output "iam_role_name" {
  value = try(aws_iam_role.made[0].name, "")
}

output "iam_role_path" {
  value = try(aws_iam_role.made[0].path, "")
}
