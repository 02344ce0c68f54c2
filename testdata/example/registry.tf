resource "aws_ecr_repository" "service" {
  for_each = toset(["ledger", "webhooks"])

  name                 = "payments/${each.key}"
  image_tag_mutability = each.key == "ledger" ? "IMMUTABLE" : "MUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.this["ledger"].arn
  }
}

resource "aws_iam_role" "node" {
  name = "${local.prefix}-node"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

# Nodes pull images; this lets them replace images of any repository, too.
resource "aws_iam_role_policy" "node_images" {
  name = "images"
  role = aws_iam_role.node.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Login"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid      = "Images"
        Effect   = "Allow"
        Action   = ["ecr:Batch*", "ecr:GetDownloadUrlForLayer", "ecr:PutImage"]
        Resource = "arn:aws:ecr:*:${var.account_id}:repository/*"
      },
    ]
  })
}
