resource "acme_append" "encoded" {
  policy                   = jsonencode({
    Version                  = "2012-10-17"
    Statement                = [
      {
        Sid                      = "plain"
        Effect                   = "Allow"
        Action                   = "s3:GetObject"
        Resource                 = "*"
      }
    ]
  })
}

resource "acme_append" "heredoc" {
  policy                   = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "plain",
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "*"
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "append" {
  statement {
    sid                      = "plain"
    effect                   = "Allow"
    actions                  = ["s3:GetObject"]
    resources                = ["*"]
  }
}

resource "acme_append" "document" {
  policy                   = data.aws_iam_policy_document.append.json
}

resource "acme_append" "file" {
  policy                   = file("${path.module}/append.json")
}
