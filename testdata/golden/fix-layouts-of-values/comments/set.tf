# note 1
resource "acme_set" "a" { # behind 1
  name = "plain" # behind 2
  on = false /* behind 3 */

  # note 4
  options { # behind 4
    level = "low" # behind 5
  } /* behind 6 */
# note 7
} # behind 7

resource "acme_set" "b" { # behind 8
  name = "plain" /* behind 9 */

  # note 10
  lifecycle { # behind 10
    prevent_destroy = true # behind 11
  } /* behind 12 */
# note 13
} # behind 13
