# note 1
resource "acme_item" "a" { # behind 1
  rule { # behind 2
    port = 22 /* behind 3 */
    # note 4
    name = "plain" # behind 4
  } # behind 5

  rule { /* behind 6 */
    # note 7
    port = 443 # behind 7
  } # behind 8
} /* behind 9 */

# note 10
resource "acme_item" "b" { # behind 10
  dynamic "rule" { # behind 11
    for_each = [22, 443] /* behind 12 */
    # note 13
    content { # behind 13
      port = rule.value # behind 14
    } /* behind 15 */
  # note 16
  } # behind 16
} # behind 17
