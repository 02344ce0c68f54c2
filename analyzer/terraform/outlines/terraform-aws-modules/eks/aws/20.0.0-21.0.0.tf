# A cluster may make its nodes itself.
variable "cluster_compute_config" {
  default = {}
}

locals {
  compute_configs = try(length(var.cluster_compute_config) > 0, false) ? [var.cluster_compute_config] : []
}
