# Session tokens are demanded unless somebody says otherwise.
locals {
  http_tokens = "required"
}
