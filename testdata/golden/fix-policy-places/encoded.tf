locals {
  statement = {
    Effect    = "Allow"
    Action    = "sts:AssumeRole"
    Principal = { AWS = "111122223333" }
  }
}

resource "aws_iam_role" "encoded" {
  name = "encoded"
  assume_role_policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Effect" : "Allow",
        "Action" : "sts:AssumeRole",
        "Principal" : { "AWS" : "arn:aws:iam::111122223333:root" }, # people
      },
    ]
  })
}

resource "aws_iam_role" "by_local" {
  name               = "by-local"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.statement] })
}

resource "aws_iam_role" "escaped" {
  name               = "escaped"
  assume_role_policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": {\"AWS\": \"111122223333\"}}]}"
}
