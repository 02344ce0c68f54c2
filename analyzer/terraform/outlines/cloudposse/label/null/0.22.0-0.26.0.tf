# Names and tags for what belongs together, made of the parts that a call gives and of those that its context brings.
# Makes no resources.
variable "context" {
  default = {}
}

variable "enabled" {
  default = null
}

variable "namespace" {
  default = null
}

variable "tenant" {
  default = null
}

variable "environment" {
  default = null
}

variable "stage" {
  default = null
}

variable "name" {
  default = null
}

variable "delimiter" {
  default = null
}

variable "attributes" {
  default = []
}

variable "labels_as_tags" {
  default = ["default"]
}

variable "tags" {
  default = {}
}

variable "additional_tag_map" {
  default = {}
}

variable "label_order" {
  default = null
}

variable "regex_replace_chars" {
  default = null
}

variable "id_length_limit" {
  default = null
}

variable "label_key_case" {
  default = null
}

variable "label_value_case" {
  default = null
}

variable "descriptor_formats" {
  default = {}
}

# As it was given, here or by the context. Apart from each other, as most ask only whether anything is made.
locals {
  on                 = var.enabled != null ? var.enabled : try(var.context.enabled, true)
  namespace          = var.namespace != null ? var.namespace : try(var.context.namespace, null)
  tenant             = var.tenant != null ? var.tenant : try(var.context.tenant, null)
  environment        = var.environment != null ? var.environment : try(var.context.environment, null)
  stage              = var.stage != null ? var.stage : try(var.context.stage, null)
  name               = var.name != null ? var.name : try(var.context.name, null)
  given_delimiter    = var.delimiter != null ? var.delimiter : try(var.context.delimiter, null)
  given_order        = var.label_order != null ? var.label_order : try(var.context.label_order, [])
  given_letters      = var.regex_replace_chars != null ? var.regex_replace_chars : try(var.context.regex_replace_chars, null)
  given_limit        = var.id_length_limit != null ? var.id_length_limit : try(var.context.id_length_limit, null)
  given_key_case     = var.label_key_case != null ? var.label_key_case : try(var.context.label_key_case, null)
  given_value_case   = var.label_value_case != null ? var.label_value_case : try(var.context.label_value_case, null)
  inherited          = try(var.context.attributes, null) != null ? var.context.attributes : []
  given_attributes   = compact(distinct(concat(local.inherited, var.attributes != null ? var.attributes : [])))
  given_tags         = merge(try(var.context.tags, {}), var.tags)
  additional_tag_map = merge(try(var.context.additional_tag_map, {}), var.additional_tag_map)
  given_descriptors  = merge(try(var.context.descriptor_formats, {}), var.descriptor_formats)
  # The first label that says so decides for all that get its context.
  labels_as_tags = try(contains(var.context.labels_as_tags, "unset"), true) ? var.labels_as_tags : var.context.labels_as_tags
}

locals {
  delimiter  = local.given_delimiter != null ? local.given_delimiter : "-"
  letters    = local.given_letters != null ? local.given_letters : "/[^-a-zA-Z0-9]/"
  most       = local.given_limit != null ? local.given_limit : 0
  key_case   = local.given_key_case != null ? local.given_key_case : "title"
  value_case = local.given_value_case != null ? local.given_value_case : "lower"
  order      = try(length(local.given_order) > 0, false) ? local.given_order : ["namespace", "environment", "stage", "name", "attributes"]

  plain = {
    for part, text in {
      namespace   = local.namespace
      tenant      = local.tenant
      environment = local.environment
      stage       = local.stage
      name        = local.name
    } : part => text == null ? "" : replace(text, local.letters, "")
  }
  parts = local.value_case == "lower" ? { for part, text in local.plain : part => lower(text) } : {
    for part, text in local.plain :
    part => local.value_case == "upper" ? upper(text) : local.value_case == "title" ? title(lower(text)) : text
  }
  plain_attributes = [for text in local.given_attributes : replace(text, local.letters, "")]
  attributes = compact(distinct([
    for text in local.plain_attributes :
    local.value_case == "lower" ? lower(text) : local.value_case == "upper" ? upper(text) : local.value_case == "title" ? title(lower(text)) : text
  ]))

  labels = merge(local.parts, { attributes = join(local.delimiter, local.attributes) })
  full   = join(local.delimiter, [for part in local.order : local.labels[part] if local.labels[part] != ""])

  # Too long a name ends in a hash of itself.
  digits   = "${md5(local.full)}qrstuvwxyz"
  ending   = replace(local.value_case == "upper" ? upper(local.digits) : local.value_case == "title" ? title(local.digits) : local.digits, local.letters, "")
  room     = local.most - 5 - length(local.delimiter)
  shortest = local.room > 0 ? "${trimsuffix(substr(local.full, 0, local.room), local.delimiter)}${local.delimiter}" : ""
  short    = substr("${local.shortest}${local.ending}", 0, local.most)
  id       = local.most == 0 ? local.full : length(local.full) > local.most ? local.short : local.full

  tag_labels = merge(local.labels, { name = local.id })
  tagged     = contains(local.labels_as_tags, "default") ? keys(local.tag_labels) : local.labels_as_tags
  own_tags = local.key_case == "title" ? {
    for part in local.tagged : title(part) => local.tag_labels[part] if try(local.tag_labels[part], "") != ""
    } : {
    for part in local.tagged :
    (local.key_case == "upper" ? upper(part) : lower(part)) => local.tag_labels[part] if try(local.tag_labels[part], "") != ""
  }
  tags = merge(local.own_tags, local.given_tags)
}

locals {
  passed = {
    enabled             = local.on
    namespace           = local.namespace
    tenant              = local.tenant
    environment         = local.environment
    stage               = local.stage
    name                = local.name
    delimiter           = local.given_delimiter
    attributes          = local.given_attributes
    tags                = local.given_tags
    additional_tag_map  = local.additional_tag_map
    label_order         = local.given_order
    regex_replace_chars = local.given_letters
    id_length_limit     = local.given_limit
    label_key_case      = local.given_key_case
    label_value_case    = local.given_value_case
    descriptor_formats  = local.given_descriptors
    labels_as_tags      = local.labels_as_tags
  }
}

output "enabled" {
  value = local.on
}

output "id" {
  value = local.on ? local.id : ""
}

output "id_full" {
  value = local.on ? local.full : ""
}

output "namespace" {
  value = local.on ? local.parts.namespace : ""
}

output "tenant" {
  value = local.on ? local.parts.tenant : ""
}

output "environment" {
  value = local.on ? local.parts.environment : ""
}

output "stage" {
  value = local.on ? local.parts.stage : ""
}

output "name" {
  value = local.on ? local.parts.name : ""
}

output "delimiter" {
  value = local.on ? local.delimiter : ""
}

output "attributes" {
  value = local.on ? local.attributes : []
}

output "tags" {
  value = local.on ? local.tags : {}
}

output "additional_tag_map" {
  value = local.additional_tag_map
}

output "tags_as_list_of_maps" {
  value = [for key in keys(local.tags) : merge({ key = key, value = local.tags[key] }, local.additional_tag_map)]
}

output "label_order" {
  value = local.order
}

output "regex_replace_chars" {
  value = local.letters
}

output "id_length_limit" {
  value = local.most
}

output "descriptors" {
  value = {
    for name, wanted in local.given_descriptors :
    name => format(wanted.format, [for part in wanted.labels : local.labels[part]]...)
  }
}

output "normalized_context" {
  value = merge(local.passed, local.parts, {
    delimiter           = local.delimiter
    attributes          = local.attributes
    tags                = local.tags
    label_order         = local.order
    regex_replace_chars = local.letters
    id_length_limit     = local.most
    label_key_case      = local.key_case
    label_value_case    = local.value_case
    labels_as_tags      = local.tagged
  })
}

output "context" {
  value = local.passed
}
