# Rules for addresses. Of the names that stand for ports, those are known that cover the ports of administrators.
variable "create" {
  default = true
}

variable "ingress_rules" {
  default = []
}

variable "computed_ingress_rules" {
  default = []
}

variable "ingress_cidr_blocks" {
  default = []
}

variable "ingress_ipv6_cidr_blocks" {
  default = []
}

variable "ingress_with_cidr_blocks" {
  default = []
}

variable "ingress_with_ipv6_cidr_blocks" {
  default = []
}

variable "computed_ingress_with_cidr_blocks" {
  default = []
}

variable "computed_ingress_with_ipv6_cidr_blocks" {
  default = []
}

locals {
  rules        = concat(var.ingress_rules, var.computed_ingress_rules)
  written      = concat(var.ingress_with_cidr_blocks, var.computed_ingress_with_cidr_blocks)
  written_ipv6 = concat(var.ingress_with_ipv6_cidr_blocks, var.computed_ingress_with_ipv6_cidr_blocks)
  named = {
    all-all       = [-1, -1, "-1"]
    all-tcp       = [0, 65535, "tcp"]
    all-udp       = [0, 65535, "udp"]
    all-icmp      = [-1, -1, "icmp"]
    all-ipv6-icmp = [-1, -1, "58"]
    rdp-tcp       = [3389, 3389, "tcp"]
    rdp-udp       = [3389, 3389, "udp"]
    ssh-tcp       = [22, 22, "tcp"]
  }
  # Any other name stands for ports that nobody administrates anything by.
  other = [0, 0, "tcp"]
}

resource "aws_security_group_rule" "named" {
  count            = var.create ? length(local.rules) : 0
  type             = "ingress"
  cidr_blocks      = var.ingress_cidr_blocks
  ipv6_cidr_blocks = var.ingress_ipv6_cidr_blocks
  from_port        = lookup(local.named, local.rules[count.index], local.other)[0]
  to_port          = lookup(local.named, local.rules[count.index], local.other)[1]
  protocol         = lookup(local.named, local.rules[count.index], local.other)[2]
}

resource "aws_security_group_rule" "written" {
  count       = var.create ? length(local.written) : 0
  type        = "ingress"
  cidr_blocks = compact(split(",", try(local.written[count.index].cidr_blocks, join(",", var.ingress_cidr_blocks))))
  from_port   = try(local.written[count.index].from_port, local.named[local.written[count.index].rule][0], 0)
  to_port     = try(local.written[count.index].to_port, local.named[local.written[count.index].rule][1], 0)
  protocol    = try(local.written[count.index].protocol, local.named[local.written[count.index].rule][2], "tcp")
}

resource "aws_security_group_rule" "written_ipv6" {
  count            = var.create ? length(local.written_ipv6) : 0
  type             = "ingress"
  ipv6_cidr_blocks = compact(split(",", try(local.written_ipv6[count.index].ipv6_cidr_blocks, join(",", var.ingress_ipv6_cidr_blocks))))
  from_port        = try(local.written_ipv6[count.index].from_port, local.named[local.written_ipv6[count.index].rule][0], 0)
  to_port          = try(local.written_ipv6[count.index].to_port, local.named[local.written_ipv6[count.index].rule][1], 0)
  protocol         = try(local.written_ipv6[count.index].protocol, local.named[local.written_ipv6[count.index].rule][2], "tcp")
}
