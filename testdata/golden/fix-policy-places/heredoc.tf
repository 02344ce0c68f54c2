variable "account" {
  default = "111122223333"
}

resource "aws_iam_role" "heredoc" {
  name               = "heredoc"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Größe",
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Principal": {"AWS": "arn:aws:iam::${var.account}:root"}
        }
      ]
    }
  EOT
}

resource "aws_iam_role" "flush" {
  name               = "flush"
  assume_role_policy = <<EOT
{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "${var.account}"}}}
EOT
}
