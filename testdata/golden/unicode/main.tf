locals {
  schlüssel = { "größe" = false, "日本" = true }
}

resource "aws_kms_key" "a" {
  description         = "Schlüssel für 日本語 🔑" # 🔑 日本語
  enable_key_rotation = local.schlüssel["größe"] # 日本語
}
