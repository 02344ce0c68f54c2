# What the cluster is switched off with, and that its key can be made with it.
variable "create" {
  default = true
}

# Told apart from other versions by these names, where a call allows any version.
variable "subnet_ids" {
  default = null
}

variable "eks_managed_node_groups" {
  default = null
}

locals {
  create     = var.create
  create_key = var.create_kms_key
}

resource "aws_eks_addon" "addon" {
  for_each     = { for name, addon in local.addons : name => addon if local.create }
  cluster_name = aws_eks_cluster.cluster[0].name
  addon_name   = try(coalesce(each.value.name, each.key), each.key)
  tags         = var.tags
}
