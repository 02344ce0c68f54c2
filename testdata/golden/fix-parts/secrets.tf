resource "aws_db_instance" "a" {
  identifier = "orders"
  password   = "hunter2hunter2"
}

resource "aws_db_instance" "b" {
  identifier = "orders"
  password   = "hunter2hunter2" # the same
}
