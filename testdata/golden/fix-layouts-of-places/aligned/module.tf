module "called" {
  source                   = "./called"
  on                       = false
}
