# note 1
resource "acme_set" "encoded" { # behind 1
  policy = jsonencode({ # behind 2
    Version = "2012-10-17" /* behind 3 */
    # note 4
    Statement = [ # behind 4
      { # behind 5
        Sid = "plain" /* behind 6 */
        # note 7
        Effect = "Allow" # behind 7
        NotAction = "iam:*" # behind 8
        Resource = "*" /* behind 9 */
      # note 10
      } # behind 10
    ] # behind 11
  }) /* behind 12 */
# note 13
} # behind 13

resource "acme_set" "heredoc" { # behind 14
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "plain",
          "Effect": "Allow",
          "NotAction": "iam:*",
          "Resource": "*"
        }
      ]
    }
  EOT
} /* behind 15 */

# note 16
data "aws_iam_policy_document" "set" { # behind 16
  statement { # behind 17
    sid = "plain" /* behind 18 */
    # note 19
    effect = "Allow" # behind 19
    not_actions = ["iam:*"] # behind 20
    resources = ["*"] /* behind 21 */
  # note 22
  } # behind 22
} # behind 23

resource "acme_set" "document" { /* behind 24 */
  # note 25
  policy = data.aws_iam_policy_document.set.json # behind 25
} # behind 26

resource "acme_set" "file" { /* behind 27 */
  # note 28
  policy = file("${path.module}/set.json") # behind 28
} # behind 29
