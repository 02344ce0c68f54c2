# A control plane that logs some of it unless told otherwise.
variable "cluster_enabled_log_types" {
  default = ["audit", "api", "authenticator"]
}
