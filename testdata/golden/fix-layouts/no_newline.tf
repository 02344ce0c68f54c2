resource "aws_kms_key" "no_newline" {
  enable_key_rotation = false
}