account_id  = "111122223333"
environment = "production"

keys = {
  ledger  = { rotate = true }
  exports = {}
  receipts = {
    spec   = "ECC_NIST_P256"
    rotate = false
  }
}

operators = ["444455556666"]

outbound_domains = [
  ".meadowpay.example",
  "api.acquirer.example",
  ".com",
]
