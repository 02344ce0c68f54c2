locals {
  tags = { Owner = "team" }
}

resource "aws_sns_topic" "absent" {
  name = "absent"
}

resource "aws_sns_topic" "written" {
  name = "written"
  tags = {
    Name = "written"
    # owner follows
    Team = "a"
  }
}

resource "aws_sns_topic" "short" {
  name = "short"
  tags = { Name = "short" }
}

resource "aws_sns_topic" "merged" {
  name = "merged"
  tags = merge(local.tags, { Name = "merged" })
}
