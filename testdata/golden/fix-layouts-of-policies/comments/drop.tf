# note 1
resource "acme_drop" "encoded" { # behind 1
  policy = jsonencode({ # behind 2
    Version = "2012-10-17" /* behind 3 */
    # note 4
    Statement = [ # behind 4
      { # behind 5
        Sid = "Old" /* behind 6 */
        # note 7
        Effect = "Allow" # behind 7
        Action = "s3:GetObject" # behind 8
        Resource = "*" /* behind 9 */
      # note 10
      }, # behind 10
      { # behind 11
        Sid = "Keep" /* behind 12 */
        # note 13
        Effect = "Allow" # behind 13
        Action = "sqs:SendMessage" # behind 14
        Resource = "arn:aws:sqs:eu-west-1:111122223333:plain" /* behind 15 */
      # note 16
      } # behind 16
    ] # behind 17
  }) /* behind 18 */
# note 19
} # behind 19

resource "acme_drop" "heredoc" { # behind 20
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Old",
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "*"
        },
        {
          "Sid": "Keep",
          "Effect": "Allow",
          "Action": "sqs:SendMessage",
          "Resource": "arn:aws:sqs:eu-west-1:111122223333:plain"
        }
      ]
    }
  EOT
} /* behind 21 */

# note 22
data "aws_iam_policy_document" "drop" { # behind 22
  statement { # behind 23
    sid = "Old" /* behind 24 */
    # note 25
    effect = "Allow" # behind 25
    actions = ["s3:GetObject"] # behind 26
    resources = ["*"] /* behind 27 */
  # note 28
  } # behind 28

  statement { # behind 29
    sid = "Keep" /* behind 30 */
    # note 31
    effect = "Allow" # behind 31
    actions = ["sqs:SendMessage"] # behind 32
    resources = ["arn:aws:sqs:eu-west-1:111122223333:plain"] /* behind 33 */
  # note 34
  } # behind 34
} # behind 35

resource "acme_drop" "document" { /* behind 36 */
  # note 37
  policy = data.aws_iam_policy_document.drop.json # behind 37
} # behind 38

resource "acme_drop" "file" { /* behind 39 */
  # note 40
  policy = file("${path.module}/drop.json") # behind 40
} # behind 41
