locals {
  conditions = ["conditions"]
}
