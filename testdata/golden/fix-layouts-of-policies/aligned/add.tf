resource "acme_add" "encoded" {
  policy                   = jsonencode({
    Version                  = "2012-10-17"
    Statement                = [
      {
        Sid                      = "plain"
        Effect                   = "Allow"
        Action                   = "sts:AssumeRole"
        Resource                 = [
          "arn:aws:s3:::plain"
        ]
      },
    ]
  })
}

resource "acme_add" "heredoc" {
  policy                   = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "plain",
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Resource": [
            "arn:aws:s3:::plain"
          ]
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "add" {
  statement {
    sid                      = "plain"
    effect                   = "Allow"
    actions                  = ["sts:AssumeRole"]
    resources                = [
      "arn:aws:s3:::plain"
    ]
  }
}

resource "acme_add" "document" {
  policy                   = data.aws_iam_policy_document.add.json
}

resource "acme_add" "file" {
  policy                   = file("${path.module}/add.json")
}
