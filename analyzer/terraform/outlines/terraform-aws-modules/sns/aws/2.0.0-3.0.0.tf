output "this_sns_topic_arn" {
  value = try(aws_sns_topic.topic[0].arn, "")
}
