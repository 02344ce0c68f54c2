# note 1
name = "plain" # behind 1
given = false # behind 2
