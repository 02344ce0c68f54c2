# A cluster; its versions say how its arguments are named and what holds unless told otherwise.
variable "tags" {
  default = {}
}

variable "cluster_tags" {
  default = {}
}

# Off unless told otherwise in early versions; whoever refers to the provider has it made.
variable "enable_irsa" {
  default = true
}

variable "openid_connect_audiences" {
  default = []
}

data "external" "not_outlined" {}

resource "aws_eks_cluster" "cluster" {
  count                     = local.create ? 1 : 0
  name                      = local.name
  enabled_cluster_log_types = local.log_types
  tags                      = merge(var.tags, var.cluster_tags)

  dynamic "access_config" {
    for_each = local.authentication_modes

    content {
      authentication_mode = access_config.value
    }
  }

  vpc_config {
    endpoint_private_access = local.private_access
    endpoint_public_access  = local.public_access
    public_access_cidrs     = local.public_access_cidrs
  }

  dynamic "compute_config" {
    for_each = local.compute_configs

    content {
      enabled = try(compute_config.value.enabled, null)
    }
  }

  dynamic "encryption_config" {
    for_each = local.encryption_configs

    content {
      resources = try(encryption_config.value.resources, ["secrets"])

      provider {
        # A key that is made has an ARN, whichever.
        key_arn = local.create_key ? "arn:${data.external.not_outlined.result["key"]}" : try(encryption_config.value.provider_key_arn, null)
      }
    }
  }
}

output "cluster_name" {
  value = try(aws_eks_cluster.cluster[0].name, "")
}

output "cluster_arn" {
  value = try(aws_eks_cluster.cluster[0].arn, "")
}

resource "aws_iam_openid_connect_provider" "cluster" {
  count          = local.create && var.enable_irsa ? 1 : 0
  url            = aws_eks_cluster.cluster[0].identity[0].oidc[0].issuer
  client_id_list = distinct(compact(concat(["sts.amazonaws.com"], var.openid_connect_audiences)))
  tags           = var.tags
}

output "cluster_oidc_issuer_url" {
  value = local.create ? aws_eks_cluster.cluster[0].identity[0].oidc[0].issuer : ""
}

output "oidc_provider" {
  value = local.create ? replace(aws_eks_cluster.cluster[0].identity[0].oidc[0].issuer, "https://", "") : ""
}

output "oidc_provider_arn" {
  value = try(aws_iam_openid_connect_provider.cluster[0].arn, "")
}
