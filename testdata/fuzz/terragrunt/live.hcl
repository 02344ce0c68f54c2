include "root" {
  path = find_in_parent_folders()
}
terraform {
  source = "git::https://example.com/modules.git//network?ref=v1"
}
locals {
  region = "eu-west-1"
}
remote_state {
  backend = "s3"
  config = {
    bucket         = "state-${local.region}"
    key            = "${path_relative_to_include()}/terraform.tfstate"
    "encrypt"      = true
    dynamodb_table = null
  }
}
inputs = { a = 1 }
