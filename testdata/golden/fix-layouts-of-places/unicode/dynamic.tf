resource "acme_item" "dynamic" {
  dynamic "options" {
    for_each = [
      { level = "low", name = "größe-日本" },
      { level = "high" },
    ]
    content {
      level = options.value.level
    }
  }
}
