resource "acme_list" "a" {
  name = "plain"

  other {
    name = "plain"
  }
}

resource "acme_list" "b" {
  lifecycle {
    prevent_destroy = true
  }
}
