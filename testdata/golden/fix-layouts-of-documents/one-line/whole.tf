resource "acme_whole" "a" {
  policy = jsonencode({ Statement = [{ Principal = "*", Effect = "Allow", Action = "s3:GetObject", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "true" } } }] })
}
