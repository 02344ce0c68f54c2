variable "region" {
  type = string
}