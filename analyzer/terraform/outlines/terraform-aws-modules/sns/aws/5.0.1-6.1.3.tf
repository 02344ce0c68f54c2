locals {
  default_statement = { sid = "__default_statement_ID", account = "AWS:SourceOwner" }
}
