locals {
  sum    = var.a + 2 * -var.b % 3 - 1.5e2 / var.c
  logic  = var.x && !var.y || var.z == null && 1 < var.n
  choice = var.enabled ? { a = [1], b = "x" } : tomap({})
  same   = [var.a, "b-${var.a}"] == [null, "b-"] ? var.a : "${var.b}"
  chain  = a.b[0].c["k"].*.d[*].e[local.i]
}
