resource "acme_insert" "a" {
  text = <<EOT
}
EOT
}
