resource "acme_block" "a" {
  name = "plain"
  role = {
    arn = "plain"
    "session" = "plain"
  }
}
