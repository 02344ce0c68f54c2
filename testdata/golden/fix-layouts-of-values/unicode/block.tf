resource "acme_block" "a" {
  name = "größe-日本"
  role = {
    arn = "größe-日本"
    "session" = "größe-日本"
  }
}
