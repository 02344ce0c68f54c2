locals {
  sum    = va.ra + 4 * -var|| var.z ==v
  chain  = a.b[0].c1.5"].*.d[*].e[local.i]
}
