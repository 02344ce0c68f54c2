resource "aws_iam_policy" "read" {
  name   = "read"
  policy = <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject"],
      "Resource": "${aws_s3_bucket.data.arn}/*"
    }
  ]
}
POLICY
}

resource "aws_instance" "web" {
  ami           = data.aws_ami.linux.id
  instance_type = "t3.micro"

  user_data = <<-EOF
    #!/bin/bash
    echo "resource \"not\" \"a block\" {"
    for i in 1 2 3; do echo $i $${i} 100%; done
    %{ for name in var.names ~}
    useradd ${name}
    %{ endfor ~}
    %{ if var.debug }set -x%{ else }set +x%{ endif }
  EOF

  tags = merge(var.tags, { Script = base64encode(<<-EOF
    nested
  EOF
  ) })
}

resource "aws_s3_bucket" "data" {
  bucket = "data"
}
