# gabion:ignore aws-kms-key-rotation until=2027-01-31 owner=team the key signs nothing
resource "aws_kms_key" "a" {
  #checkov:skip=CKV_AWS_7:agreed
  enable_key_rotation = false # tfsec:ignore:aws-kms-auto-rotate-keys
  /* gabion:ignore *
     reason */
}

#trivy:ignore:AVD-AWS-0065:exp:2027-01-01
// kics-scan ignore-block
# tflint-ignore: aws_instance_invalid_type, other
#ts:skip=AC_AWS_0160 reason
resource "aws_kms_key" "b" {
}
# kics-scan disable=aaaa,bbbb
# gabion:ignore-file aws-*
