# What was called conditions is condition.
locals {
  trust       = [for statement in var.trust_policy_statements == null ? [] : var.trust_policy_statements : merge(statement, { limits = try(statement.condition, null) == null ? [] : statement.condition })]
  permissions = [for statement in var.policy_statements == null ? [] : var.policy_statements : merge(statement, { limits = try(statement.condition, null) == null ? [] : statement.condition })]
}
