# Who has access is not said in the cluster, and it makes no nodes itself.
locals {
  compute_configs      = []
  authentication_modes = []
}
