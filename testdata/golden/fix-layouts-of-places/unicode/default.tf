variable "on" {
  description = "größe-日本"
  default = false
}

resource "acme_set" "default" {
  name = "größe-日本"
  on = var.on
}
