resource "acme_add" "a" {
  logs = [
    <<-EOT
      api, ]
    EOT
    ,
    "api"
  ]
  tags = {
    text = <<EOT
}
EOT
  }
}

resource "acme_add" "b" {
  logs = [
    "api",
    <<-EOT
      last
    EOT
  ]
}
