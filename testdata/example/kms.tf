# "exports" does not say whether it rotates. "receipts" signs and cannot rotate: nothing is wrong with it.
resource "aws_kms_key" "this" {
  for_each = var.keys

  description              = "${local.prefix} ${each.key}"
  customer_master_key_spec = each.value.spec
  key_usage                = each.value.spec == "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : "SIGN_VERIFY"
  enable_key_rotation      = each.value.rotate
  deletion_window_in_days  = 14
}

resource "aws_kms_alias" "this" {
  for_each = var.keys

  name          = "alias/${local.prefix}-${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}
