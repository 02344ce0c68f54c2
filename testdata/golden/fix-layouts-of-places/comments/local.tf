# note 1
locals { # behind 1
  name = "plain" # behind 2
  on = false /* behind 3 */
# note 4
} # behind 4

resource "acme_set" "local" { # behind 5
  on = local.on /* behind 6 */
# note 7
} # behind 7
