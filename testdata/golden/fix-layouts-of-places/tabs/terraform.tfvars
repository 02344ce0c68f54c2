name = "plain"
given = false
