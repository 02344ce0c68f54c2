# note 1
resource "acme_companion" "a" { # behind 1
  count = 2 # behind 2
  name = "plain" /* behind 3 */
# note 4
} # behind 4

resource "acme_companion" "b" { # behind 5
  for_each = toset(["plain"]) /* behind 6 */
  # note 7
  name = each.key # behind 7
} # behind 8
