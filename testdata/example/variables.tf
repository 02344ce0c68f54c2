variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "account_id" {
  description = "Account that this estate lives in."
  type        = string
}

variable "environment" {
  type = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "The environment is staging or production."
  }
}

variable "keys" {
  description = "Customer managed keys, by purpose."
  type = map(object({
    spec   = optional(string, "SYMMETRIC_DEFAULT")
    rotate = optional(bool)
  }))
}

variable "operators" {
  description = "Accounts whose people may step into the operator role."
  type        = list(string)
}

variable "outbound_domains" {
  description = "Where workloads may connect to. A leading dot covers subdomains."
  type        = list(string)
}

locals {
  prefix = "meadowpay-${var.environment}"
  tags = {
    system_owner = "payments"
    environment  = var.environment
  }
}
