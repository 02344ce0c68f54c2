variable "given" {
  type = bool
}

resource "acme_set" "given" {
  on = var.given
}