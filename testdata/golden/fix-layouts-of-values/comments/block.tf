# note 1
resource "acme_block" "a" { # behind 1
  name = "plain" # behind 2
  role = { /* behind 3 */
    # note 4
    arn = "plain" # behind 4
    "session" = "plain" # behind 5
  } /* behind 6 */
# note 7
} # behind 7
