# Statements have conditions.
locals {
  trust       = [for statement in var.trust_policy_statements : merge(statement, { limits = try(statement.conditions, null) == null ? [] : statement.conditions })]
  permissions = [for statement in var.policy_statements : merge(statement, { limits = try(statement.conditions, null) == null ? [] : statement.conditions })]
}
