resource "acme_set" "a" { on = false }
resource "acme_set" "b" {}
resource "acme_set" "c" {
  on = false
  options { level = "low" }
}
