resource "acme_add" "a" {
  logs = ["äpi"]
  tags = { name = "größe-日本" }
}

resource "acme_add" "b" {
  logs = [
    "äpi",
    "größe-日本"
  ]
  tags = {
    name = "größe-日本"
    "quoted" = "größe-日本"
  }
}

resource "acme_add" "c" {
  logs = []
  name = "größe-日本"
}
