# A key is made when asked for.
variable "create_kms_key" {
  default = false
}
