resource "acme_item" "a" {
  rule {
    port                     = 22
    name                     = "plain"
  }

  rule {
    port                     = 443
  }
}

resource "acme_item" "b" {
  dynamic "rule" {
    for_each                 = [22, 443]
    content {
      port                     = rule.value
    }
  }
}
