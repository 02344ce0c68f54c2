# note 1
resource "acme_item" "dynamic" { # behind 1
  dynamic "options" { # behind 2
    for_each = [ /* behind 3 */
      # note 4
      { level = "low", name = "plain" }, # behind 4
      { level = "high" }, # behind 5
    ] /* behind 6 */
    # note 7
    content { # behind 7
      level = options.value.level # behind 8
    } /* behind 9 */
  # note 10
  } # behind 10
} # behind 11
