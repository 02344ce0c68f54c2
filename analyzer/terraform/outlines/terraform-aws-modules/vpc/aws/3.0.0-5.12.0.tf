locals {
  flow_logs = ["*"]
}
