# note 1
resource "acme_on" "a" { # behind 1
  name = "plain" # behind 2
} /* behind 3 */

# note 4
resource "acme_beside" "a" { # behind 4
  thing = acme_on.a.id # behind 5
  on = false /* behind 6 */
# note 7
} # behind 7

resource "acme_on" "b" { # behind 8
  name = "api" /* behind 9 */
# note 10
} # behind 10

resource "acme_beside" "b" { # behind 11
  thing = acme_on.b.id /* behind 12 */

  # note 13
  filter { # behind 13
    level = "low" # behind 14
  } /* behind 15 */
# note 16
} # behind 16
