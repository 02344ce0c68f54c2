variable "bucket_arn" {
  type    = string
  default = "arn:aws:s3:::orders"
}

module "reader" {
  source = "./modules/reader"

  bucket_arn = var.bucket_arn
}
