resource "acme_companion" "a" { name = "plain" }
