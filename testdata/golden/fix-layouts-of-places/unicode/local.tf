locals {
  name = "größe-日本"
  on = false
}

resource "acme_set" "local" {
  on = local.on
}
