resource "acme_whole" "encoded" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = ["arn:aws:iam::111122223333:user/größe-日本"] }
        Action = ["s3:GetObject", "s3:PutObject"]
        Resource = "arn:aws:s3:::größe-日本/*"
        Condition = {
          StringEquals = {
            "aws:PrincipalTag/größe-日本" = "größe-日本"
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
          "Principal": {"AWS": ["arn:aws:iam::111122223333:user/größe-日本"]},
          "Action": ["s3:GetObject", "s3:PutObject"],
          "Resource": "arn:aws:s3:::größe-日本/*",
          "Condition": {
            "StringEquals": {"aws:PrincipalTag/größe-日本": "größe-日本"}
          }
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "whole" {
  statement {
    actions = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::größe-日本/*"]

    principals {
      type = "AWS"
      identifiers = ["arn:aws:iam::111122223333:user/größe-日本"]
    }

    condition {
      test = "StringEquals"
      variable = "aws:PrincipalTag/größe-日本"
      values = ["größe-日本"]
    }
  }
}

resource "acme_whole" "document" {
  policy = data.aws_iam_policy_document.whole.json
}

resource "acme_whole" "file" {
  policy = file("${path.module}/whole.json")
}
