# Storage is encrypted when somebody asks for it.
variable "storage_encrypted" {
  default = false
}
