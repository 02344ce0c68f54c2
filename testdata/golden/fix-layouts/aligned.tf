resource "aws_kms_key" "aligned" {
  # why
  description                        = "x"
  bypass_policy_lockout_safety_check = false

  tags = {
    Größe = "ü"
  }
}
