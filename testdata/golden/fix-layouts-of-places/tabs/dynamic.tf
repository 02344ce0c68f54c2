resource "acme_item" "dynamic" {
	dynamic "options" {
		for_each = [
			{ level = "low", name = "plain" },
			{ level = "high" },
		]
		content {
			level = options.value.level
		}
	}
}
