resource "acme_take" "a" {
  logs                     = ["api", "old"]
  tags                     = { old = "plain", name = "plain" }
}

resource "acme_take" "b" {
  logs                     = [
    "old",
    "api",
    "old",
  ]
  tags                     = {
    name                     = "plain"
    old                      = "plain"
  }
}
