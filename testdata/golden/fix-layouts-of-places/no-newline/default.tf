variable "on" {
  description = "plain"
  default = false
}

resource "acme_set" "default" {
  name = "plain"
  on = var.on
}