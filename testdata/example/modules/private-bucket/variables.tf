variable "name" {
  type = string
}

variable "kms_key" {
  description = "ARN of the key that objects are encrypted with by default."
  type        = string
}

variable "versioning" {
  type    = bool
  default = true
}
