resource "acme_insert" "a" { name = "plain" }
resource "acme_insert" "b" {}
resource "acme_insert" "c" {
  other { name = "plain" }
}
