resource "acme_insert" "a" {
  name                     = "plain"

  other {
    name                     = "plain"
  }

  depends_on               = [acme_set.a]
}

resource "acme_insert" "b" {
}
