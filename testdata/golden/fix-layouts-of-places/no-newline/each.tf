resource "acme_set" "each" {
  for_each = {
    "plain" = { on = false }
    other = {
      on = true
    }
  }
  on = each.value.on
}