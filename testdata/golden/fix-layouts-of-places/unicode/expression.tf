resource "acme_set" "expression" {
  on = "größe-日本" == "other"
}
