name = "plain"
given = false
