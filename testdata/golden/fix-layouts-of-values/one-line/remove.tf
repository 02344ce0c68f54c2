resource "acme_remove" "a" { old = true }
resource "acme_remove" "b" {
  legacy {}
  name = "plain"
}
