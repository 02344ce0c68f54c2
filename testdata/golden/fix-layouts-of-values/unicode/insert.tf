resource "acme_insert" "a" {
  name = "größe-日本"

  other {
    name = "größe-日本"
  }

  depends_on = [acme_set.a]
}

resource "acme_insert" "b" {
}
