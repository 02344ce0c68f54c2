resource "aws_kms_key" "tabs" {
	description = "tabs"

	lifecycle {
		prevent_destroy = true
	}
}
