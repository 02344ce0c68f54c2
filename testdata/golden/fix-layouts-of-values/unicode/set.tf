resource "acme_set" "a" {
  name = "größe-日本"
  on = false

  options {
    level = "low"
  }
}

resource "acme_set" "b" {
  name = "größe-日本"

  lifecycle {
    prevent_destroy = true
  }
}
