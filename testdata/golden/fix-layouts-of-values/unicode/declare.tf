variable "password" {
  type = string
}

resource "acme_declare" "a" {
  name = "größe-日本"
  password = "hunter2"
}
