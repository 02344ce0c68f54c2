resource "acme_set" "encoded" { policy = jsonencode({ Version = "2012-10-17", Statement = { Sid = "plain", Effect = "Allow", NotAction = "iam:*", Resource = "*" } }) }
resource "acme_set" "heredoc" {
  policy = <<EOT
{"Version":"2012-10-17","Statement":[{"Sid": "plain", "Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}
EOT
}
resource "acme_set" "file" {
  policy = file("${path.module}/set.json")
}
