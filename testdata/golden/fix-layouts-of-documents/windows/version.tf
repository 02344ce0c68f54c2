resource "acme_version" "encoded" {
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::plain/*" }
    ]
  })
}

resource "acme_version" "heredoc" {
  policy = <<-EOT
    {
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::plain/*"}
      ],
      "Version": "2008-10-17"
    }
  EOT
}

data "aws_iam_policy_document" "version" {
  version = "2008-10-17"

  statement {
    actions = ["s3:GetObject"]
    resources = ["arn:aws:s3:::plain/*"]
  }
}

resource "acme_version" "document" {
  policy = data.aws_iam_policy_document.version.json
}

resource "acme_version" "file" {
  policy = file("${path.module}/version.json")
}
