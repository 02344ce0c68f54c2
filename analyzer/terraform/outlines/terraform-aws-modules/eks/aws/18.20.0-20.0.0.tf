# Who has access is written into the ConfigMap aws-auth where that is asked for. Nodes are left out, who are in groups of
# their own.
variable "create_aws_auth_configmap" {
  default = false
}

variable "manage_aws_auth_configmap" {
  default = false
}

variable "aws_auth_roles" {
  default = []
}

variable "aws_auth_users" {
  default = []
}

locals {
  aws_auth = {
    mapRoles = yamlencode(var.aws_auth_roles)
    mapUsers = yamlencode(var.aws_auth_users)
  }
}

resource "kubernetes_config_map" "aws_auth" {
  count = local.create && var.create_aws_auth_configmap && !var.manage_aws_auth_configmap ? 1 : 0
  data  = local.aws_auth

  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
}

resource "kubernetes_config_map_v1_data" "aws_auth" {
  count = local.create && var.manage_aws_auth_configmap ? 1 : 0
  data  = local.aws_auth

  metadata {
    name      = "aws-auth"
    namespace = "kube-system"
  }
}
