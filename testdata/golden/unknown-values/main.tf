variable "rotate" {
  type = bool
}

data "aws_ssm_parameter" "rotate" {
  name = "/keys/rotate"
}

resource "aws_kms_key" "by_variable" {
  enable_key_rotation     = var.rotate
  deletion_window_in_days = 30
}

resource "aws_kms_key" "by_parameter" {
  enable_key_rotation     = data.aws_ssm_parameter.rotate.value == "yes"
  deletion_window_in_days = 30
}
