resource "acme_list" "a" {}
resource "acme_list" "b" { name = "plain" }
