# What was called conditions is condition.
locals {
  statements = [for statement in try(values(var.policy_statements), []) : merge(statement, { limits = try(statement.condition, null) == null ? [] : statement.condition })]
}
