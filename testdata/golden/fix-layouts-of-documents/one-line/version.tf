resource "acme_version" "a" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

resource "acme_version" "b" {
  policy = "{\"Statement\": []}"
}
