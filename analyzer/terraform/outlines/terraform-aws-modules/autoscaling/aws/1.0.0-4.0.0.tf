# Nothing is asked of requests for metadata.
variable "iam_instance_profile" {
  default = ""
}

locals {
  configuration_profile = var.iam_instance_profile
  metadata_options      = []
}
