resource "acme_split" "encoded" {
  policy                   = jsonencode({
    Version                  = "2012-10-17"
    Statement                = [
      {
        Effect                   = "Allow"
        Action                   = [
          "ecr:GetAuthorizationToken",
          "ecr:BatchGetImage"
        ]
        Resource                 = "*"
      },
    ]
  })
}

resource "acme_split" "heredoc" {
  policy                   = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "ecr:GetAuthorizationToken",
            "ecr:BatchGetImage"
          ],
          "Resource": "*"
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "split" {
  statement {
    effect                   = "Allow"
    actions                  = [
      "ecr:GetAuthorizationToken",
      "ecr:BatchGetImage"
    ]
    resources                = ["*"]
  }
}

resource "acme_split" "document" {
  policy                   = data.aws_iam_policy_document.split.json
}

resource "acme_split" "file" {
  policy                   = file("${path.module}/split.json")
}
