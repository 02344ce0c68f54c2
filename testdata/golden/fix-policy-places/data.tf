data "aws_iam_policy_document" "one" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}

data "aws_iam_policy_document" "many" {
  dynamic "statement" {
    for_each = ["111122223333", "444455556666"]
    content {
      actions = ["sts:AssumeRole"]
      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
    }
  }
}

resource "aws_iam_role" "one" {
  name               = "one"
  assume_role_policy = data.aws_iam_policy_document.one.json
}

resource "aws_iam_role" "many" {
  name               = "many"
  assume_role_policy = data.aws_iam_policy_document.many.json
}
