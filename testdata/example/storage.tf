module "bucket" {
  source   = "./modules/private-bucket"
  for_each = toset(["ledger", "trail"])

  name       = "${local.prefix}-${each.key}"
  kms_key    = aws_kms_key.this["ledger"].arn
  versioning = each.key == "ledger"
}
