locals {
  named_by_keys = false
  conditions    = ["conditions"]
}
