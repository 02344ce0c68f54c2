resource "acme_drop" "encoded" {
  policy                   = jsonencode({
    Version                  = "2012-10-17"
    Statement                = [
      {
        Sid                      = "Old"
        Effect                   = "Allow"
        Action                   = "s3:GetObject"
        Resource                 = "*"
      },
      {
        Sid                      = "Keep"
        Effect                   = "Allow"
        Action                   = "sqs:SendMessage"
        Resource                 = "arn:aws:sqs:eu-west-1:111122223333:plain"
      }
    ]
  })
}

resource "acme_drop" "heredoc" {
  policy                   = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Old",
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "*"
        },
        {
          "Sid": "Keep",
          "Effect": "Allow",
          "Action": "sqs:SendMessage",
          "Resource": "arn:aws:sqs:eu-west-1:111122223333:plain"
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "drop" {
  statement {
    sid                      = "Old"
    effect                   = "Allow"
    actions                  = ["s3:GetObject"]
    resources                = ["*"]
  }

  statement {
    sid                      = "Keep"
    effect                   = "Allow"
    actions                  = ["sqs:SendMessage"]
    resources                = ["arn:aws:sqs:eu-west-1:111122223333:plain"]
  }
}

resource "acme_drop" "document" {
  policy                   = data.aws_iam_policy_document.drop.json
}

resource "acme_drop" "file" {
  policy                   = file("${path.module}/drop.json")
}
