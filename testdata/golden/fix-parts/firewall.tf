locals {
  common = ["a.example.com", "b.example.org"]
}

resource "aws_networkfirewall_rule_group" "here" {
  rule_group {
    rules_source {
      rules_source_list {
        targets = [
          "a.example.com", # ours
          "b.example.org", # theirs
        ]
      }
    }
  }
}

resource "aws_networkfirewall_rule_group" "elsewhere" {
  rule_group {
    rules_source {
      rules_source_list {
        targets = concat(local.common, ["c.example.net"])
      }
    }
  }
}
