# Storage is encrypted unless somebody says otherwise.
variable "storage_encrypted" {
  default = true
}
