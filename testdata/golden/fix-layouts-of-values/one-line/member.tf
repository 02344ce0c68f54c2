resource "acme_member" "a" { rules = [{ port = 22, from = ["everywhere"] }] }
