output "sqs_queue_id" {
  value = try(aws_sqs_queue.queue[0].id, "")
}

output "sqs_queue_arn" {
  value = try(aws_sqs_queue.queue[0].arn, "")
}

output "sqs_queue_name" {
  value = try(aws_sqs_queue.queue[0].name, "")
}
