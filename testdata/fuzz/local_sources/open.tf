module "open" {
  source = "./open
