locals {
  bare_name   = try(trimsuffix(var.name, ".fifo"), "")
  name        = var.fifo_topic ? "${local.bare_name}.fifo" : local.bare_name
  name_prefix = "${local.bare_name}-"
}
