resource "acme_block" "a" {
  role = {
    text = <<-EOT
      a, b
    EOT
    arn = "plain"
  }
}
