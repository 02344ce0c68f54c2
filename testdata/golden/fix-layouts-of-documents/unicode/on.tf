resource "acme_on" "a" {
  name = "größe-日本"
}

resource "acme_beside" "a" {
  thing = acme_on.a.id
  on = false
}

resource "acme_on" "b" {
  name = "äpi"
}

resource "acme_beside" "b" {
  thing = acme_on.b.id

  filter {
    level = "low"
  }
}
