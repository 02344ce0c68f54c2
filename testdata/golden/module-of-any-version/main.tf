module "site" {
  source = "terraform-aws-modules/s3-bucket/aws"

  bucket             = "example-site"
  acl                = "public-read"
  block_public_acls  = false
  ignore_public_acls = false
}
