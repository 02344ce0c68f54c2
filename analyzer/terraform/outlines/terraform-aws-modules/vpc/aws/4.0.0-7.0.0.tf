variable "cidr" {
  default = "10.0.0.0/16"
}

variable "manage_default_security_group" {
  default = true
}
