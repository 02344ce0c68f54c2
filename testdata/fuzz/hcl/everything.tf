# comment
resource "aws_x" label {
  count = var.n > 0 && !local.off ? 1 : 0 // why
  list  = [for i, v in a.*.b[0] : "${v}-$${x}\n" if v != null]
  map   = { for k, v in m[*].x["y"] : k => v... }
  obj = {
    a = -1.5e-3, (b) : f(c..., ), "d" = p::q::r(1)
    e = true /* inline */
  }
  text = <<-EOT
    line ${~ x ~}
      %{ if a }b%{ else }c%{ endif }
    %{ for v in l ~} ${v} %{ endfor }
  EOT
  nested { z = a.0.b[1 + 2 * 3 % 4] }
}
