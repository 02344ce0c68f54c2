resource "acme_add" "a" { logs = ["api"] }
resource "acme_add" "b" { tags = {} }
