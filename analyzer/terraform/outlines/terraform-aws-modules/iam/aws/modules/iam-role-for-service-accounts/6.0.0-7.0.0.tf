# A role for pods. What its ready-made policies say is not known.
variable "create" {
  default = true
}

variable "name" {
  default = null
}

variable "use_name_prefix" {
  default = true
}

variable "path" {
  default = "/"
}

variable "permissions_boundary" {
  default = null
}

variable "max_session_duration" {
  default = null
}

variable "tags" {
  default = {}
}

variable "policies" {
  default = {}
}

variable "oidc_providers" {
  default = {}
}

variable "trust_condition_test" {
  default = "StringEquals"
}

variable "create_policy" {
  default = true
}

variable "source_policy_documents" {
  default = []
}

variable "override_policy_documents" {
  default = []
}

variable "permissions" {
  default = null
}

variable "create_inline_policy" {
  default = false
}

variable "source_inline_policy_documents" {
  default = []
}

variable "override_inline_policy_documents" {
  default = []
}

variable "inline_policy_permissions" {
  default = null
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

variable "attach_mountpoint_s3_csi_policy" {
  default = false
}

variable "attach_efs_csi_policy" {
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

variable "attach_load_balancer_controller_policy" {
  default = false
}

variable "attach_load_balancer_controller_targetgroup_binding_only_policy" {
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
  prefix = var.use_name_prefix && var.name != null
  ready_made = anytrue([
    var.attach_aws_gateway_controller_policy,
    var.attach_cert_manager_policy,
    var.attach_cluster_autoscaler_policy,
    var.attach_ebs_csi_policy,
    var.attach_mountpoint_s3_csi_policy,
    var.attach_efs_csi_policy,
    var.attach_external_dns_policy,
    var.attach_external_secrets_policy,
    var.attach_fsx_lustre_csi_policy,
    var.attach_fsx_openzfs_csi_policy,
    var.attach_load_balancer_controller_policy,
    var.attach_load_balancer_controller_targetgroup_binding_only_policy,
    var.attach_amazon_managed_service_prometheus_policy,
    var.attach_velero_policy,
    var.attach_vpc_cni_policy,
    var.attach_node_termination_handler_policy,
    var.attach_cloudwatch_observability_policy,
  ])
  written = var.create && var.create_policy && (length(var.source_policy_documents) > 0 || length(var.override_policy_documents) > 0 || var.permissions != null)
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
        test     = var.trust_condition_test
        variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:sub"
        values   = [for account in statement.value.namespace_service_accounts : "system:serviceaccount:${account}"]
      }

      condition {
        test     = var.trust_condition_test
        variable = "${replace(statement.value.provider_arn, "/^(.*provider/)/", "")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "made" {
  count                = var.create ? 1 : 0
  name                 = local.prefix ? null : var.name
  name_prefix          = local.prefix ? "${var.name}-" : null
  path                 = var.path
  permissions_boundary = var.permissions_boundary
  max_session_duration = var.max_session_duration
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "given" {
  for_each   = { for name, arn in var.policies : name => arn if var.create }
  role       = aws_iam_role.made[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "written" {
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = try(values(var.permissions), [])

    content {
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, null) == null ? [] : statement.value.condition

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "written" {
  count  = local.written ? 1 : 0
  policy = data.aws_iam_policy_document.written.json
  tags   = var.tags
}

resource "aws_iam_role_policy_attachment" "written" {
  count      = local.written ? 1 : 0
  role       = aws_iam_role.made[0].name
  policy_arn = aws_iam_policy.written[0].arn
}

resource "aws_iam_role_policy_attachment" "ready_made" {
  count      = var.create && local.ready_made ? 1 : 0
  role       = aws_iam_role.made[0].name
  policy_arn = data.external.not_outlined.result.policy
}

data "aws_iam_policy_document" "inline" {
  source_policy_documents   = var.source_inline_policy_documents
  override_policy_documents = var.override_inline_policy_documents

  dynamic "statement" {
    for_each = try(values(var.inline_policy_permissions), [])

    content {
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, null) == null ? [] : statement.value.condition

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create && var.create_inline_policy ? 1 : 0
  role   = aws_iam_role.made[0].name
  policy = data.aws_iam_policy_document.inline.json
}

output "arn" {
  value = try(aws_iam_role.made[0].arn, null)
}

output "name" {
  value = try(aws_iam_role.made[0].name, null)
}

output "path" {
  value = try(aws_iam_role.made[0].path, null)
}

output "unique_id" {
  value = try(aws_iam_role.made[0].unique_id, null)
}

output "iam_policy_arn" {
  value = try(local.ready_made ? data.external.not_outlined.result.policy : aws_iam_policy.written[0].arn, null)
}
