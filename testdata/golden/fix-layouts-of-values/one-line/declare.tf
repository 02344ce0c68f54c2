resource "acme_declare" "a" { password = "hunter2" }
