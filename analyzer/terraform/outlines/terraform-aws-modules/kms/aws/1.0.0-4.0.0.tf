locals {
  conditions = [for statement in local.statements : flatten([for given in [try(statement.conditions, null)] : given if given != null])]
}
