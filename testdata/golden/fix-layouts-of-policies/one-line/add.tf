resource "acme_add" "encoded" { policy = jsonencode({ Version = "2012-10-17", Statement = { Sid = "plain", Effect = "Allow", Action = "sts:AssumeRole", Resource = ["arn:aws:s3:::plain"] } }) }
resource "acme_add" "heredoc" {
  policy = <<EOT
{"Version":"2012-10-17","Statement":[{"Sid": "plain", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ["arn:aws:s3:::plain"]}]}
EOT
}
resource "acme_add" "file" {
  policy = file("${path.module}/add.json")
}
