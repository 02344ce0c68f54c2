resource "acme_list" "a" {
  name = "größe-日本"

  other {
    name = "größe-日本"
  }
}

resource "acme_list" "b" {
  lifecycle {
    prevent_destroy = true
  }
}
