resource "acme_split" "encoded" { policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], Resource = "*" } }) }
resource "acme_split" "heredoc" {
  policy = <<EOT
{"Version":"2012-10-17","Statement":[{"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "Resource": "*"}]}
EOT
}
resource "acme_split" "file" {
  policy = file("${path.module}/split.json")
}
