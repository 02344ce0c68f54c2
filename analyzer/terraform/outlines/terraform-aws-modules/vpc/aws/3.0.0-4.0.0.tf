variable "cidr" {
  default = "0.0.0.0/0"
}

variable "manage_default_security_group" {
  default = false
}
