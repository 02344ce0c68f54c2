resource "aws_kms_key" "one_line" { enable_key_rotation = false }
resource "aws_kms_key" "empty" {}