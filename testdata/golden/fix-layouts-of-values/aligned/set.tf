resource "acme_set" "a" {
  name                     = "plain"
  on                       = false

  options {
    level                    = "low"
  }
}

resource "acme_set" "b" {
  name                     = "plain"

  lifecycle {
    prevent_destroy          = true
  }
}
