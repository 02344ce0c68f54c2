# note 1
resource "acme_version" "encoded" { # behind 1
  policy = jsonencode({ # behind 2
    Statement = [ /* behind 3 */
      # note 4
      { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::plain/*" } # behind 4
    ] # behind 5
  }) /* behind 6 */
# note 7
} # behind 7

resource "acme_version" "heredoc" { # behind 8
  policy = <<-EOT
    {
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::plain/*"}
      ],
      "Version": "2008-10-17"
    }
  EOT
} /* behind 9 */

# note 10
data "aws_iam_policy_document" "version" { # behind 10
  version = "2008-10-17" # behind 11

  statement { /* behind 12 */
    # note 13
    actions = ["s3:GetObject"] # behind 13
    resources = ["arn:aws:s3:::plain/*"] # behind 14
  } /* behind 15 */
# note 16
} # behind 16

resource "acme_version" "document" { # behind 17
  policy = data.aws_iam_policy_document.version.json /* behind 18 */
# note 19
} # behind 19

resource "acme_version" "file" { # behind 20
  policy = file("${path.module}/version.json") /* behind 21 */
# note 22
} # behind 22
