# note 1
resource "acme_remove" "encoded" { # behind 1
  policy = jsonencode({ # behind 2
    Version = "2012-10-17" /* behind 3 */
    # note 4
    Statement = [ # behind 4
      { # behind 5
        Effect = "Allow" /* behind 6 */
        # note 7
        Action = [ # behind 7
          "ecr:BatchGetImage", # behind 8
          "ecr:PutImage" /* behind 9 */
        # note 10
        ] # behind 10
        Resource = "*" # behind 11
        Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } /* behind 12 */
      # note 13
      } # behind 13
    ] # behind 14
  }) /* behind 15 */
# note 16
} # behind 16

resource "acme_remove" "heredoc" { # behind 17
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "ecr:BatchGetImage",
            "ecr:PutImage"
          ],
          "Resource": "*",
          "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }
        }
      ]
    }
  EOT
} /* behind 18 */

# note 19
data "aws_iam_policy_document" "remove" { # behind 19
  statement { # behind 20
    effect = "Allow" /* behind 21 */
    # note 22
    actions = [ # behind 22
      "ecr:BatchGetImage", # behind 23
      "ecr:PutImage" /* behind 24 */
    # note 25
    ] # behind 25
    resources = ["*"] # behind 26

    condition { /* behind 27 */
      # note 28
      test = "Bool" # behind 28
      variable = "aws:MultiFactorAuthPresent" # behind 29
      values = ["true"] /* behind 30 */
    # note 31
    } # behind 31
  } # behind 32
} /* behind 33 */

# note 34
resource "acme_remove" "document" { # behind 34
  policy = data.aws_iam_policy_document.remove.json # behind 35
} /* behind 36 */

# note 37
resource "acme_remove" "file" { # behind 37
  policy = file("${path.module}/remove.json") # behind 38
} /* behind 39 */
