resource "acme_take" "a" { logs = ["old", "api"] }
resource "acme_take" "b" { tags = { name = "plain", old = "x" } }
