# note 1
resource "acme_add" "encoded" { # behind 1
  policy = jsonencode({ # behind 2
    Version = "2012-10-17" /* behind 3 */
    # note 4
    Statement = [ # behind 4
      { # behind 5
        Sid = "plain" /* behind 6 */
        # note 7
        Effect = "Allow" # behind 7
        Action = "sts:AssumeRole" # behind 8
        Resource = [ /* behind 9 */
          # note 10
          "arn:aws:s3:::plain" # behind 10
        ] # behind 11
      }, /* behind 12 */
    # note 13
    ] # behind 13
  }) # behind 14
} /* behind 15 */

# note 16
resource "acme_add" "heredoc" { # behind 16
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "plain",
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Resource": [
            "arn:aws:s3:::plain"
          ]
        }
      ]
    }
  EOT
} # behind 17

data "aws_iam_policy_document" "add" { /* behind 18 */
  # note 19
  statement { # behind 19
    sid = "plain" # behind 20
    effect = "Allow" /* behind 21 */
    # note 22
    actions = ["sts:AssumeRole"] # behind 22
    resources = [ # behind 23
      "arn:aws:s3:::plain" /* behind 24 */
    # note 25
    ] # behind 25
  } # behind 26
} /* behind 27 */

# note 28
resource "acme_add" "document" { # behind 28
  policy = data.aws_iam_policy_document.add.json # behind 29
} /* behind 30 */

# note 31
resource "acme_add" "file" { # behind 31
  policy = file("${path.module}/add.json") # behind 32
} /* behind 33 */
