resource "acme_append" "encoded" { policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "plain", Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] }) }
resource "acme_append" "heredoc" {
  policy = <<EOT
{"Version":"2012-10-17","Statement":[{"Sid": "plain", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
EOT
}
resource "acme_append" "file" {
  policy = file("${path.module}/append.json")
}
