resource "acme_remove" "a" {
  name = "größe-日本"
  old = true

  legacy {
    name = "größe-日本"
  }

  legacy {
    name = "more"
  }
}
