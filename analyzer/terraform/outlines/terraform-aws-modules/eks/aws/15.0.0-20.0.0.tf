# Who has access is not said in the cluster.
locals {
  authentication_modes = []
}
