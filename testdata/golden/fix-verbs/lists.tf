resource "aws_eks_cluster" "one_line" {
  name                      = "one-line"
  enabled_cluster_log_types = ["api", "audit"]
}

resource "aws_eks_cluster" "lines" {
  name = "lines"
  enabled_cluster_log_types = [
    "api",
    "audit", # who did what
    "old"
  ]
}
