resource "acme_drop" "encoded" { policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Old", Effect = "Allow", Action = "s3:GetObject", Resource = "*" }, { Sid = "Keep", Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:111122223333:plain" }] }) }
resource "acme_drop" "heredoc" {
  policy = <<EOT
{"Version":"2012-10-17","Statement":[{"Sid": "Old", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},{"Sid": "Keep", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:plain"}]}
EOT
}
resource "acme_drop" "file" {
  policy = file("${path.module}/drop.json")
}
