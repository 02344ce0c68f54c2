locals {
  here = <<-EOT
    %{~ for k, v in var.m ~}
      ${k} = ${v}%{ if v == null } none%{ else } some%{ endif }
    %{~ endfor ~}
    $${kept} %%{kept}
  EOT
  text = format("%-5s|%05.2f|%v|%#v|%q", var.s, var.n, var.l, var.o, "é")
  cut  = substr(replace(lower("ÄB-${var.s}"), "/[a-z]+/", "<$0>"), -3, 2)
  net  = cidrsubnet("10.0.${var.n}.0/16", 4, var.n)
  join = join(",", formatlist("%s=%s", keys(var.m), values(var.m)))
  find = regexall("(?P<x>\\w)(\\d)?", var.s)[0]["x"]
  when = formatdate("YYYY-MM-DD'T'hh:mm:ssZ", timeadd("2024-02-29T00:00:00Z", "1.5h"))
}
