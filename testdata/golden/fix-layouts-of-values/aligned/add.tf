resource "acme_add" "a" {
  logs                     = ["api"]
  tags                     = { name = "plain" }
}

resource "acme_add" "b" {
  logs                     = [
    "api",
    "plain"
  ]
  tags                     = {
    name                     = "plain"
    "quoted" = "plain"
  }
}

resource "acme_add" "c" {
  logs                     = []
  name                     = "plain"
}
