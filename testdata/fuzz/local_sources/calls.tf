module "near" {
  source = "./near"
}
module "beside" {
  source  = "../beside//part"
  version = "1.0"
}
module "above" { source = ".." }
module "here" { source = "." }
module "far" { source = "acme/far/aws" }
module "joined" { source = "./${var.name}" }
module "windows" { source = ".\\windows" }
module "word" { source = near }
