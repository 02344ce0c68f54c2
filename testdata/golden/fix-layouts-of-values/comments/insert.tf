# note 1
resource "acme_insert" "a" { # behind 1
  name = "plain" # behind 2

  other { /* behind 3 */
    # note 4
    name = "plain" # behind 4
  } # behind 5

  depends_on = [acme_set.a] /* behind 6 */
# note 7
} # behind 7

resource "acme_insert" "b" { # behind 8
} /* behind 9 */
