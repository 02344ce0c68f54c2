provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["111122223333"]
}

provider "aws" {
  alias               = "replica"
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

# Has nothing switched on.
module "plain" {
  source = "./modules/bucket"
  name   = "example-plain"
}

# Has a key of its own, which stays.
module "own_key" {
  source     = "./modules/bucket"
  name       = "example-own-key"
  encryption = { rule = { default = { sse_algorithm = "aws:kms", kms_master_key_id = aws_kms_key.own.arn } } }
  versioning = {}
}

module "elsewhere" {
  source = "./modules/bucket"
  name   = "example-elsewhere"

  tls_only = false # not yet

  providers = {
    aws = aws.replica
  }
}

resource "aws_kms_key" "own" {
  description         = "Objects"
  enable_key_rotation = true
}

resource "aws_kms_alias" "own" {
  name          = "alias/own"
  target_key_id = aws_kms_key.own.key_id
}
