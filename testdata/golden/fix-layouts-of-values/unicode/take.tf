resource "acme_take" "a" {
  logs = ["äpi", "old"]
  tags = { old = "größe-日本", name = "größe-日本" }
}

resource "acme_take" "b" {
  logs = [
    "old",
    "äpi",
    "old",
  ]
  tags = {
    name = "größe-日本"
    old = "größe-日本"
  }
}
