terraform {
  backend "s3" {
    bucket = "example-configurations"
    key    = "shop/terraform.tfstate"
    region = "eu-west-1"
  }
}

resource "aws_s3_bucket" "configurations" {
  bucket = "example-configurations"
}

resource "aws_s3_bucket_policy" "configurations" {
  bucket = aws_s3_bucket.configurations.id
  policy = data.aws_iam_policy_document.configurations.json
}

data "aws_iam_policy_document" "configurations" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.configurations.arn, "${aws_s3_bucket.configurations.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "other" {
  bucket = "example-terraform.state"
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_s3_bucket_policy" "data" {
  bucket = "example-data"
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
