resource "acme_member" "a" {
	rules = [
		{ port = 22, from = ["everywhere"] },
		{
			port = 22
			from = [
				"plain",
				"everywhere",
			]
			note = "plain"
		},
		{ port = 443, from = ["everywhere"] }
	]
}
