resource "aws_cloudtrail" "a" {
  name                       = "a"
  s3_bucket_name             = "logs"
  is_multi_region_trail      = true
  enable_log_file_validation = true

  depends_on = [aws_s3_bucket_policy.logs]

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudtrail" "b" {
  depends_on = [aws_s3_bucket_policy.logs]
  name       = "b"

  s3_bucket_name             = "logs"
  is_multi_region_trail      = true
  enable_log_file_validation = true
}
