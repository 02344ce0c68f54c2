# The cluster says who has access: whom entries name, and who makes it where that is asked for.
variable "authentication_mode" {
  default = "API_AND_CONFIG_MAP"
}

variable "enable_cluster_creator_admin_permissions" {
  default = false
}

variable "access_entries" {
  default = {}
}

locals {
  authentication_modes = [var.authentication_mode]

  creator = {
    cluster_creator = {
      principal_arn = data.external.not_outlined.result["caller"]

      policy_associations = {
        admin = {
          policy_arn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

          access_scope = {
            type = "cluster"
          }
        }
      }
    }
  }

  entries = merge({ for name, entry in local.creator : name => entry if var.enable_cluster_creator_admin_permissions }, var.access_entries)

  # Entries of nodes get their permissions by their type.
  associations = flatten([
    for name, entry in local.entries : [
      for policy, association in try(entry.policy_associations, {}) : merge(association, {
        name          = "${name}_${policy}"
        principal_arn = entry.principal_arn
      }) if try(contains(["STANDARD"], entry.type), true)
    ]
  ])
}

resource "aws_eks_access_entry" "entry" {
  for_each          = { for name, entry in local.entries : name => entry if local.create }
  cluster_name      = aws_eks_cluster.cluster[0].id
  principal_arn     = each.value.principal_arn
  kubernetes_groups = try(each.value.kubernetes_groups, null)
  type              = try(each.value.type, "STANDARD")
  tags              = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_eks_access_policy_association" "policy" {
  for_each      = { for association in local.associations : association.name => association if local.create }
  cluster_name  = aws_eks_cluster.cluster[0].id
  principal_arn = each.value.principal_arn
  policy_arn    = each.value.policy_arn

  access_scope {
    type       = each.value.access_scope.type
    namespaces = try(each.value.access_scope.namespaces, null)
  }
}
