# note 1
resource "acme_add" "a" { # behind 1
  logs = ["api"] # behind 2
  tags = { name = "plain" } /* behind 3 */
# note 4
} # behind 4

resource "acme_add" "b" { # behind 5
  logs = [ /* behind 6 */
    # note 7
    "api", # behind 7
    "plain" # behind 8
  ] /* behind 9 */
  # note 10
  tags = { # behind 10
    name = "plain" # behind 11
    "quoted" = "plain" /* behind 12 */
  # note 13
  } # behind 13
} # behind 14

resource "acme_add" "c" { /* behind 15 */
  # note 16
  logs = [] # behind 16
  name = "plain" # behind 17
} /* behind 18 */
