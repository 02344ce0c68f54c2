variable "on" { default = false }
locals { also = false }
resource "acme_set" "a" { on = var.on }
resource "acme_set" "b" { on = local.also }
resource "acme_set" "c" {
  for_each = { a = { on = false } }
  on = each.value.on
}
