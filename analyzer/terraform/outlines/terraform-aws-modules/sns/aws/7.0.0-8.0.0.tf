# Statements have a type: what else they hold, such as "conditions", is dropped.
locals {
  conditions = ["condition"]
}
