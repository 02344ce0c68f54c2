from_file = false
