resource "acme_replace" "a" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:user/plain" }, Action = "s3:GetObjekt", Resource = "*", Condition = { StringEqual = { "aws:tag" = ["plain"] } } }] })
}
