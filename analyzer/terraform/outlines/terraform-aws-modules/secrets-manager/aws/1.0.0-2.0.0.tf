# Statements have conditions.
locals {
  statements = [for statement in try(values(var.policy_statements), []) : merge(statement, { limits = try(statement.conditions, null) == null ? [] : statement.conditions })]
}
