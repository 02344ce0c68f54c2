# Statements have a type: what else they hold is dropped.
locals {
  named_by_keys = true
  conditions    = ["condition", "conditions"]
}
