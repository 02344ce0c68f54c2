terraform {
  required_version = ">= 1.5"
}

# Written on Windows.
resource "aws_s3_bucket" "reports" {
  bucket = "quarterly-reports"

  tags = {
    Owner = "finance"
    Notes = <<-EOT
      First line
      Second line
    EOT
  }
}

output "bucket" {
  value = aws_s3_bucket.reports.id
}
