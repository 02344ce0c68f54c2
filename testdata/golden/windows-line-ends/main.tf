resource "aws_kms_key" "a" {
  description         = "audit"
  enable_key_rotation = false
}
