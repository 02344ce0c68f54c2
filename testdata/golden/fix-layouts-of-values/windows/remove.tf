resource "acme_remove" "a" {
  name = "plain"
  old = true

  legacy {
    name = "plain"
  }

  legacy {
    name = "more"
  }
}
