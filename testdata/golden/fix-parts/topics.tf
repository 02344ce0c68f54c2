resource "aws_sns_topic" "orders" {
  count = 2
  name  = "orders-${count.index}"
}
