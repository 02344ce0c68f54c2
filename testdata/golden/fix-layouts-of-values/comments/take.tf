# note 1
resource "acme_take" "a" { # behind 1
  logs = ["api", "old"] # behind 2
  tags = { old = "plain", name = "plain" } /* behind 3 */
# note 4
} # behind 4

resource "acme_take" "b" { # behind 5
  logs = [ /* behind 6 */
    # note 7
    "old", # behind 7
    "api", # behind 8
    "old", /* behind 9 */
  # note 10
  ] # behind 10
  tags = { # behind 11
    name = "plain" /* behind 12 */
    # note 13
    old = "plain" # behind 13
  } # behind 14
} /* behind 15 */
