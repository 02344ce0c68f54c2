# note 1
resource "acme_member" "a" { # behind 1
  rules = [ # behind 2
    { port = 22, from = ["everywhere"] }, /* behind 3 */
    # note 4
    { # behind 4
      port = 22 # behind 5
      from = [ /* behind 6 */
        # note 7
        "plain", # behind 7
        "everywhere", # behind 8
      ] /* behind 9 */
      # note 10
      note = "plain" # behind 10
    }, # behind 11
    { port = 443, from = ["everywhere"] } /* behind 12 */
  # note 13
  ] # behind 13
} # behind 14
