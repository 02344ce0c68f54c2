resource aws_s3_bucket logs {bucket="logs"}
resource   "aws_s3_bucket"   "other" {}

        module "network" {
    source = "./network" # a comment
cidr="10.0.0.0/16"
        subnets=[
"a","b" ,
      "c",
        ]
      settings={a=1,b=2
        c : 3, "d e" = 4 }
    }
locals { one = 1 }
locals {
  /* between */ two /* every */ = /* token */ 1 + /* really */ 1 // yes
  three = (
    local.one
    +
    local.two
  )
  four = local.three > 2 ? local.three : local.two > 1 ? 2 : 1
  five = [for k, v in { a = 1, b = 2 } : "${k}=${v}" if v > 1]
  six  = { for s in local.five : s => upper(s)... }
  big  = 1e5
}
