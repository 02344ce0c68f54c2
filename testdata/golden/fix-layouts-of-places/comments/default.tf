# note 1
variable "on" { # behind 1
  description = "plain" # behind 2
  default = false /* behind 3 */
# note 4
} # behind 4

resource "acme_set" "default" { # behind 5
  name = "plain" /* behind 6 */
  # note 7
  on = var.on # behind 7
} # behind 8
