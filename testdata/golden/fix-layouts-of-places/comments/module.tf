# note 1
module "called" { # behind 1
  source = "./called" # behind 2
  on = false /* behind 3 */
# note 4
} # behind 4
