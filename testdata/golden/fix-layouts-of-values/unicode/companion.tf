resource "acme_companion" "a" {
  count = 2
  name = "größe-日本"
}

resource "acme_companion" "b" {
  for_each = toset(["größe-日本"])
  name = each.key
}
