name = "plain"
given = false