resource "aws_iam_role" "both" {
  name = "both"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        AWS     = "111122223333"
        Service = "ec2.amazonaws.com"
      }
    }]
  })
}
