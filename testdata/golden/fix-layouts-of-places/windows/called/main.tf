variable "on" {
  default = true
}

resource "acme_set" "called" {
  on = var.on
}
