# note 1
resource "acme_split" "encoded" { # behind 1
  policy = jsonencode({ # behind 2
    Version = "2012-10-17" /* behind 3 */
    # note 4
    Statement = [ # behind 4
      { # behind 5
        Effect = "Allow" /* behind 6 */
        # note 7
        Action = [ # behind 7
          "ecr:GetAuthorizationToken", # behind 8
          "ecr:BatchGetImage" /* behind 9 */
        # note 10
        ] # behind 10
        Resource = "*" # behind 11
      }, /* behind 12 */
    # note 13
    ] # behind 13
  }) # behind 14
} /* behind 15 */

# note 16
resource "acme_split" "heredoc" { # behind 16
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "ecr:GetAuthorizationToken",
            "ecr:BatchGetImage"
          ],
          "Resource": "*"
        }
      ]
    }
  EOT
} # behind 17

data "aws_iam_policy_document" "split" { /* behind 18 */
  # note 19
  statement { # behind 19
    effect = "Allow" # behind 20
    actions = [ /* behind 21 */
      # note 22
      "ecr:GetAuthorizationToken", # behind 22
      "ecr:BatchGetImage" # behind 23
    ] /* behind 24 */
    # note 25
    resources = ["*"] # behind 25
  } # behind 26
} /* behind 27 */

# note 28
resource "acme_split" "document" { # behind 28
  policy = data.aws_iam_policy_document.split.json # behind 29
} /* behind 30 */

# note 31
resource "acme_split" "file" { # behind 31
  policy = file("${path.module}/split.json") # behind 32
} /* behind 33 */
