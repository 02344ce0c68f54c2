# note 1
resource "acme_whole" "encoded" { # behind 1
  policy = jsonencode({ # behind 2
    Version = "2012-10-17" /* behind 3 */
    # note 4
    Statement = [ # behind 4
      { # behind 5
        Effect = "Allow" /* behind 6 */
        # note 7
        Principal = { AWS = ["arn:aws:iam::111122223333:user/plain"] } # behind 7
        Action = ["s3:GetObject", "s3:PutObject"] # behind 8
        Resource = "arn:aws:s3:::plain/*" /* behind 9 */
        # note 10
        Condition = { # behind 10
          StringEquals = { # behind 11
            "aws:PrincipalTag/plain" = "plain" /* behind 12 */
          # note 13
          } # behind 13
        } # behind 14
      } /* behind 15 */
    # note 16
    ] # behind 16
  }) # behind 17
} /* behind 18 */

# note 19
resource "acme_whole" "heredoc" { # behind 19
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"AWS": ["arn:aws:iam::111122223333:user/plain"]},
          "Action": ["s3:GetObject", "s3:PutObject"],
          "Resource": "arn:aws:s3:::plain/*",
          "Condition": {
            "StringEquals": {"aws:PrincipalTag/plain": "plain"}
          }
        }
      ]
    }
  EOT
} # behind 20

data "aws_iam_policy_document" "whole" { /* behind 21 */
  # note 22
  statement { # behind 22
    actions = ["s3:GetObject", "s3:PutObject"] # behind 23
    resources = ["arn:aws:s3:::plain/*"] /* behind 24 */

    # note 25
    principals { # behind 25
      type = "AWS" # behind 26
      identifiers = ["arn:aws:iam::111122223333:user/plain"] /* behind 27 */
    # note 28
    } # behind 28

    condition { # behind 29
      test = "StringEquals" /* behind 30 */
      # note 31
      variable = "aws:PrincipalTag/plain" # behind 31
      values = ["plain"] # behind 32
    } /* behind 33 */
  # note 34
  } # behind 34
} # behind 35

resource "acme_whole" "document" { /* behind 36 */
  # note 37
  policy = data.aws_iam_policy_document.whole.json # behind 37
} # behind 38

resource "acme_whole" "file" { /* behind 39 */
  # note 40
  policy = file("${path.module}/whole.json") # behind 40
} # behind 41
