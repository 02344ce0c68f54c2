resource "acme_on" "a" {
  name = "plain"
}

resource "acme_beside" "a" {
  thing = acme_on.a.id
  on = false
}

resource "acme_on" "b" {
  name = "api"
}

resource "acme_beside" "b" {
  thing = acme_on.b.id

  filter {
    level = "low"
  }
}