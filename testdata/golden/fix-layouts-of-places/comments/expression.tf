# note 1
resource "acme_set" "expression" { # behind 1
  on = "plain" == "other" # behind 2
} /* behind 3 */
