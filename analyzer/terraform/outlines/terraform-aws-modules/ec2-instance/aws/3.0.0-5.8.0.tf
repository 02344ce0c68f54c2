# Both versions of the metadata service are there unless somebody says otherwise.
locals {
  http_tokens = "optional"
}
