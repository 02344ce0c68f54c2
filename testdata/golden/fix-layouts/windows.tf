# header
resource "aws_kms_key" "windows" {
  description         = "Windows" # kept
  enable_key_rotation = false     # changed
}
