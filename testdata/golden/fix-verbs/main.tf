resource "aws_s3_bucket" "plain" {
  bucket = "plain"
}

resource "aws_s3_bucket" "counted" {
  count  = 2
  bucket = "counted-${count.index}"
}

resource "aws_s3_bucket" "each" {
  for_each = toset(["x", "y"])
  provider = aws.other
  bucket   = each.key
}

resource "aws_s3_bucket_versioning" "plain" {
  bucket = "another"
  versioning_configuration {
    status = "Enabled"
  }
}
