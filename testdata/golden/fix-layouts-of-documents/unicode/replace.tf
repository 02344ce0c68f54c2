resource "acme_replace" "encoded" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = { AWS = ["arn:aws:iam::111122223333:user/größe-日本"] }
        Action = ["s3:GetObjekt", "s3:PutObject"]
        Resource = "arn:aws:s3:::größe-日本/*"
        Condition = {
          StringEqual = {
            "aws:tag" = "größe-日本"
          }
        }
      }
    ]
  })
}

resource "acme_replace" "heredoc" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"AWS": ["arn:aws:iam::111122223333:user/größe-日本"]},
          "Action": ["s3:GetObjekt", "s3:PutObject"],
          "Resource": "arn:aws:s3:::größe-日本/*",
          "Condition": {
            "StringEqual": {"aws:tag": "größe-日本"}
          }
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "replace" {
  statement {
    actions = ["s3:GetObjekt", "s3:PutObject"]
    resources = ["arn:aws:s3:::größe-日本/*"]

    principals {
      type = "AWS"
      identifiers = ["arn:aws:iam::111122223333:user/größe-日本"]
    }

    condition {
      test = "StringEqual"
      variable = "aws:tag"
      values = ["größe-日本"]
    }
  }
}

resource "acme_replace" "document" {
  policy = data.aws_iam_policy_document.replace.json
}

resource "acme_replace" "file" {
  policy = file("${path.module}/replace.json")
}
