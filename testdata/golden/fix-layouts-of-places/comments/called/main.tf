# note 1
variable "on" { # behind 1
  default = true # behind 2
} /* behind 3 */

# note 4
resource "acme_set" "called" { # behind 4
  on = var.on # behind 5
} /* behind 6 */
