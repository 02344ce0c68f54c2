# People of the operators' accounts step in with MFA: so the condition was meant. Requests signed with an access key carry
# no MFA information at all, and "IfExists" lets them pass.
data "aws_iam_policy_document" "operator_trust" {
  statement {
    sid     = "PeopleWithMfa"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [for account in var.operators : "arn:aws:iam::${account}:root"]
    }

    condition {
      test     = "BoolIfExists"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
  }
}

resource "aws_iam_role" "operator" {
  name               = "${local.prefix}-operator"
  assume_role_policy = data.aws_iam_policy_document.operator_trust.json
}

data "aws_iam_policy_document" "operator" {
  statement {
    sid       = "SeeMetrics"
    actions   = ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"]
    resources = ["*"]
  }

  statement {
    sid       = "RunJobs"
    actions   = ["lambda:CreateFunction", "lambda:InvokeFunction", "iam:PassRole"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "operator" {
  name   = "operate"
  role   = aws_iam_role.operator.id
  policy = data.aws_iam_policy_document.operator.json
}
