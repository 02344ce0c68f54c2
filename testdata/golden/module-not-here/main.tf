module "network" {
  source  = "example/network/aws"
  version = "5.8.1"
}

resource "aws_kms_key" "flow_logs" {
  description             = module.network.vpc_id
  enable_key_rotation     = false
  deletion_window_in_days = 30
}
