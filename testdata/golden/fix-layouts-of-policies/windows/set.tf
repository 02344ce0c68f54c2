resource "acme_set" "encoded" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid = "plain"
        Effect = "Allow"
        NotAction = "iam:*"
        Resource = "*"
      }
    ]
  })
}

resource "acme_set" "heredoc" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "plain",
          "Effect": "Allow",
          "NotAction": "iam:*",
          "Resource": "*"
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "set" {
  statement {
    sid = "plain"
    effect = "Allow"
    not_actions = ["iam:*"]
    resources = ["*"]
  }
}

resource "acme_set" "document" {
  policy = data.aws_iam_policy_document.set.json
}

resource "acme_set" "file" {
  policy = file("${path.module}/set.json")
}
