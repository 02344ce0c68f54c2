resource "acme_companion" "a" {
	count = 2
	name = "plain"
}

resource "acme_companion" "b" {
	for_each = toset(["plain"])
	name = each.key
}
