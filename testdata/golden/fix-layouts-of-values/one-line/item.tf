resource "acme_item" "a" {
  rule { port = 22 }
  rule { port = 443 }
}
