resource "acme_companion" "a" {
  text = <<EOT
}
EOT
}
