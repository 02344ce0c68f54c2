resource "acme_whole" "encoded" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = ["arn:aws:iam::111122223333:user/plain"] }
        Action = ["s3:GetObject", "s3:PutObject"]
        Resource = "arn:aws:s3:::plain/*"
        Condition = {
          StringEquals = {
            "aws:PrincipalTag/plain" = "plain"
          }
        }
      }
    ]
  })
}

resource "acme_whole" "heredoc" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"AWS": ["arn:aws:iam::111122223333:user/plain"]},
          "Action": ["s3:GetObject", "s3:PutObject"],
          "Resource": "arn:aws:s3:::plain/*",
          "Condition": {
            "StringEquals": {"aws:PrincipalTag/plain": "plain"}
          }
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "whole" {
  statement {
    actions = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::plain/*"]

    principals {
      type = "AWS"
      identifiers = ["arn:aws:iam::111122223333:user/plain"]
    }

    condition {
      test = "StringEquals"
      variable = "aws:PrincipalTag/plain"
      values = ["plain"]
    }
  }
}

resource "acme_whole" "document" {
  policy = data.aws_iam_policy_document.whole.json
}

resource "acme_whole" "file" {
  policy = file("${path.module}/whole.json")
}
