resource "acme_block" "a" {
  role = { arn = "plain", session = "x" }
}
resource "acme_block" "b" {
  role = [{ arn = "plain" }, { arn = "other" }]
}
resource "acme_block" "c" {
  role = { arn = "plain" /* whose */, session = "x" }
}
