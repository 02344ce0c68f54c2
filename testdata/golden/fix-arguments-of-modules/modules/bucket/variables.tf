variable "name" {
  type = string
}

variable "versioning" {
  type    = map(string)
  default = {}
}

variable "encryption" {
  type    = any
  default = {}
}

variable "tls_only" {
  description = "Deny requests without TLS"
  type        = bool
  default     = false
}

variable "encrypted_uploads" {
  type    = bool
  default = false
}

variable "attach_policy" {
  type    = bool
  default = false
}

variable "policy" {
  type    = string
  default = ""
}
