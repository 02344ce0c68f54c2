# note 1
variable "password" { # behind 1
  type = string # behind 2
} /* behind 3 */

# note 4
resource "acme_declare" "a" { # behind 4
  name = "plain" # behind 5
  password = "hunter2" /* behind 6 */
# note 7
} # behind 7
