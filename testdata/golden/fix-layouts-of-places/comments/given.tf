# note 1
variable "given" { # behind 1
  type = bool # behind 2
} /* behind 3 */

# note 4
resource "acme_set" "given" { # behind 4
  on = var.given # behind 5
} /* behind 6 */
