# Secrets are encrypted and the public endpoint is off unless told otherwise; arguments have short names.
variable "encryption_config" {
  default = {}
}

variable "enabled_log_types" {
  default = ["audit", "api", "authenticator"]
}

variable "endpoint_private_access" {
  default = true
}

variable "endpoint_public_access" {
  default = false
}

variable "endpoint_public_access_cidrs" {
  default = ["0.0.0.0/0"]
}

# Told apart from other versions by these names, where a call allows any version.
variable "name" {
  default = null
}

variable "kubernetes_version" {
  default = null
}

variable "addons" {
  default = {}
}

variable "compute_config" {
  default = null
}

locals {
  name                = var.name
  log_types           = var.enabled_log_types
  private_access      = var.endpoint_private_access
  public_access       = var.endpoint_public_access
  public_access_cidrs = var.endpoint_public_access_cidrs
  addons              = merge([for given in [var.addons] : given if given != null]...)
  compute_configs     = var.compute_config == null ? [] : [var.compute_config]
  encryption_configs  = var.encryption_config != null && local.in_region ? [var.encryption_config] : []
}
