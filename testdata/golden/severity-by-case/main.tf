resource "aws_rds_cluster" "shop" {
  cluster_identifier = "shop"
}

resource "aws_rds_cluster" "orders" {
  cluster_identifier = "orders"
  engine             = "postgres"
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role" "builds" {
  name = "builds"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/oidc.circleci.com/org/0f0f" }
      Condition = { StringEquals = { "oidc.circleci.com/org/0f0f:aud" = "0f0f" } }
    }]
  })
}

resource "aws_iam_role" "pods" {
  name = "pods"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE" }
      Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:aud" = "sts.amazonaws.com" } }
    }]
  })
}
