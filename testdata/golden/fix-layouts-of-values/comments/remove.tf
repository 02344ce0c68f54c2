# note 1
resource "acme_remove" "a" { # behind 1
  name = "plain" # behind 2
  old = true /* behind 3 */

  # note 4
  legacy { # behind 4
    name = "plain" # behind 5
  } /* behind 6 */

  # note 7
  legacy { # behind 7
    name = "more" # behind 8
  } /* behind 9 */
# note 10
} # behind 10
