module "hidden" {
  source = "\u002e/hidden"
}
module "heredoc" {
  source = <<-EOT
    ./heredoc
  EOT
}
module "escaped" {
  source = "./$${escaped}"
}
