locals {
  teams = ["billing", "orders", "search", "shipping", "web"]
}

resource "aws_kms_key" "team" {
  for_each = toset(local.teams)

  description         = "data of ${each.key}"
  enable_key_rotation = each.key == "orders"
}
