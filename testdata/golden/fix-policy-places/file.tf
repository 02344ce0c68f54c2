resource "aws_iam_role" "file" {
  name               = "file"
  assume_role_policy = file("${path.module}/trust.json")
}

resource "aws_iam_role" "template" {
  name               = "template"
  assume_role_policy = templatefile("${path.module}/trust.json.tftpl", { account = "111122223333" })
}
