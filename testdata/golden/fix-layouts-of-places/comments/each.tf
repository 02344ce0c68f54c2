# note 1
resource "acme_set" "each" { # behind 1
  for_each = { # behind 2
    "plain" = { on = false } /* behind 3 */
    # note 4
    other = { # behind 4
      on = true # behind 5
    } /* behind 6 */
  # note 7
  } # behind 7
  on = each.value.on # behind 8
} /* behind 9 */
