resource "acme_set" "each" {
  for_each = {
    "größe-日本" = { on = false }
    other = {
      on = true
    }
  }
  on = each.value.on
}
