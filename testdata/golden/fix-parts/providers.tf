provider "aws" {
  region = "eu-west-1"
  assume_role = {
    "role_arn" : "arn:aws:iam::111122223333:role/x", # who
    session_name = "y"
  }
}

provider "aws" {
  alias       = "east"
  assume_role = { role_arn = "arn:aws:iam::111122223333:role/x", session_name = "y" }
}
