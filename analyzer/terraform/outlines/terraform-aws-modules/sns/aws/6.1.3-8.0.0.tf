locals {
  default_statement = { sid = "DefaultStatementID", account = "AWS:SourceAccount" }
}
