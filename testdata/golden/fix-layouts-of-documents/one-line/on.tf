resource "acme_on" "a" {}
resource "acme_beside" "a" { thing = acme_on.a.id }
