locals {
  straße   = "Kö-Straße 1"
  名前       = "日本語"
  emoji    = "🪨 gabion"
  escaped  = "\u00e9 and \U0001F600"
  _private = local.straße
}

resource "aws_ssm_parameter" "größe" {
  name  = "/größe/${local.名前}"
  type  = "String"
  value = "Ω ≈ ${local.emoji}"
}
