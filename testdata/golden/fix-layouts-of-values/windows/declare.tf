variable "password" {
  type = string
}

resource "acme_declare" "a" {
  name = "plain"
  password = "hunter2"
}
