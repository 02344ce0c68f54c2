resource "acme_set" "a" {
  text = <<-EOT
    on = false
  EOT
  on = false
}

resource "acme_set" "b" {
  text = <<EOT
}
EOT
}
