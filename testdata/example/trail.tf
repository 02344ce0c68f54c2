resource "aws_cloudtrail" "this" {
  name           = "${local.prefix}-trail"
  s3_bucket_name = module.bucket["trail"].name

  # Covers the home region only.
  is_multi_region_trail         = var.environment == "staging"
  include_global_service_events = true
  enable_log_file_validation    = true
}
