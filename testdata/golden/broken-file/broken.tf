resource "aws_kms_key" "unfinished" {
  description = "the brace is missing

resource "aws_kms_key" "after" {
  enable_key_rotation = false
}
