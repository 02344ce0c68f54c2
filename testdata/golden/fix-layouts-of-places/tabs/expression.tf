resource "acme_set" "expression" {
	on = "plain" == "other"
}
