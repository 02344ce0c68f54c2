locals {
  conditions = [for statement in local.statements : flatten([for given in [try(statement.condition, null)] : given if given != null])]
}
