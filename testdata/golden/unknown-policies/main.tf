# AWS does not say whether a role that is left out alone is left out, and nobody knows what follows a prefix.
resource "aws_s3_bucket_policy" "exception" {
  bucket = "example-data"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect       = "Deny"
      NotPrincipal = { AWS = "arn:aws:iam::111122223333:role/ci" }
      Action       = "s3:*"
      Resource     = ["arn:aws:s3:::example-data", "arn:aws:s3:::example-data/*"]
      Condition    = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket" "made_up" {
  bucket_prefix = "example-"
}

resource "aws_s3_bucket_policy" "made_up" {
  bucket = aws_s3_bucket.made_up.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::example-2*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
