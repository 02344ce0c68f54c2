locals {
	name = "plain"
	on = false
}

resource "acme_set" "local" {
	on = local.on
}
