resource "acme_remove" "encoded" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "ecr:BatchGetImage",
          "ecr:PutImage"
        ]
        Resource = "*"
        Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
      }
    ]
  })
}

resource "acme_remove" "heredoc" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "ecr:BatchGetImage",
            "ecr:PutImage"
          ],
          "Resource": "*",
          "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }
        }
      ]
    }
  EOT
}

data "aws_iam_policy_document" "remove" {
  statement {
    effect = "Allow"
    actions = [
      "ecr:BatchGetImage",
      "ecr:PutImage"
    ]
    resources = ["*"]

    condition {
      test = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values = ["true"]
    }
  }
}

resource "acme_remove" "document" {
  policy = data.aws_iam_policy_document.remove.json
}

resource "acme_remove" "file" {
  policy = file("${path.module}/remove.json")
}
