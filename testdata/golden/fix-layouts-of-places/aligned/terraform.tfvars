name                     = "plain"
given                    = false
