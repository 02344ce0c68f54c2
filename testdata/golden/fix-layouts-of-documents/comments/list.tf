# note 1
resource "acme_list" "a" { # behind 1
  name = "plain" # behind 2

  other { /* behind 3 */
    # note 4
    name = "plain" # behind 4
  } # behind 5
} /* behind 6 */

# note 7
resource "acme_list" "b" { # behind 7
  lifecycle { # behind 8
    prevent_destroy = true /* behind 9 */
  # note 10
  } # behind 10
} # behind 11
