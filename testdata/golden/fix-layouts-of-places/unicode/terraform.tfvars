name = "größe-日本"
given = false
