resource "acme_take" "a" {
  logs = [
    "old",
    <<-EOT
      api, ]
    EOT
    ,
    "old"
  ]
}
