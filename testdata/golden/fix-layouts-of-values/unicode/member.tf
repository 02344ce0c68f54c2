resource "acme_member" "a" {
  rules = [
    { port = 22, from = ["everywhere"] },
    {
      port = 22
      from = [
        "größe-日本",
        "everywhere",
      ]
      note = "größe-日本"
    },
    { port = 443, from = ["everywhere"] }
  ]
}
