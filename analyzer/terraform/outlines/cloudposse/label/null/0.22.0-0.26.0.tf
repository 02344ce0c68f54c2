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

locals {
  # What the next label gets: as it was given, without what is made of it here.
  passed = {
    enabled             = var.enabled != null ? var.enabled : try(var.context.enabled, true)
    namespace           = var.namespace != null ? var.namespace : try(var.context.namespace, null)
    tenant              = var.tenant != null ? var.tenant : try(var.context.tenant, null)
    environment         = var.environment != null ? var.environment : try(var.context.environment, null)
    stage               = var.stage != null ? var.stage : try(var.context.stage, null)
    name                = var.name != null ? var.name : try(var.context.name, null)
    delimiter           = var.delimiter != null ? var.delimiter : try(var.context.delimiter, null)
    attributes          = compact(distinct(concat(local.inherited_attributes, var.attributes != null ? var.attributes : [])))
    tags                = merge(try(var.context.tags, {}), var.tags)
    additional_tag_map  = merge(try(var.context.additional_tag_map, {}), var.additional_tag_map)
    label_order         = var.label_order != null ? var.label_order : try(var.context.label_order, [])
    regex_replace_chars = var.regex_replace_chars != null ? var.regex_replace_chars : try(var.context.regex_replace_chars, null)
    id_length_limit     = var.id_length_limit != null ? var.id_length_limit : try(var.context.id_length_limit, null)
    label_key_case      = var.label_key_case != null ? var.label_key_case : try(var.context.label_key_case, null)
    label_value_case    = var.label_value_case != null ? var.label_value_case : try(var.context.label_value_case, null)
    descriptor_formats  = merge(try(var.context.descriptor_formats, {}), var.descriptor_formats)
    # The first label that says so decides for all that get its context.
    labels_as_tags = try(contains(var.context.labels_as_tags, "unset"), true) ? var.labels_as_tags : var.context.labels_as_tags
  }
  inherited_attributes = try(var.context.attributes, null) != null ? var.context.attributes : []

  on          = local.passed.enabled
  delimiter   = local.passed.delimiter != null ? local.passed.delimiter : "-"
  letters     = local.passed.regex_replace_chars != null ? local.passed.regex_replace_chars : "/[^-a-zA-Z0-9]/"
  most        = local.passed.id_length_limit != null ? local.passed.id_length_limit : 0
  key_case    = local.passed.label_key_case != null ? local.passed.label_key_case : "title"
  value_case  = local.passed.label_value_case != null ? local.passed.label_value_case : "lower"
  usual_order = ["namespace", "environment", "stage", "name", "attributes"]
  order       = try(length(local.passed.label_order) > 0, false) ? local.passed.label_order : local.usual_order

  plain = {
    for part in ["namespace", "tenant", "environment", "stage", "name"] :
    part => local.passed[part] == null ? "" : replace(local.passed[part], local.letters, "")
  }
  parts = {
    for part, text in local.plain : part =>
    local.value_case == "none" ? text : local.value_case == "upper" ? upper(text) : local.value_case == "title" ? title(lower(text)) : lower(text)
  }
  plain_attributes = [for text in local.passed.attributes : replace(text, local.letters, "")]
  attributes = compact(distinct([
    for text in local.plain_attributes :
    local.value_case == "none" ? text : local.value_case == "upper" ? upper(text) : local.value_case == "title" ? title(lower(text)) : lower(text)
  ]))

  labels = merge(local.parts, { attributes = join(local.delimiter, local.attributes) })
  full   = join(local.delimiter, [for part in local.order : local.labels[part] if length(local.labels[part]) > 0])

  # Too long a name ends in a hash of itself.
  digits   = "${md5(local.full)}qrstuvwxyz"
  ending   = replace(local.value_case == "upper" ? upper(local.digits) : local.value_case == "title" ? title(local.digits) : local.digits, local.letters, "")
  room     = local.most - 5 - length(local.delimiter)
  shortest = local.room > 0 ? "${trimsuffix(substr(local.full, 0, local.room), local.delimiter)}${local.delimiter}" : ""
  short    = substr("${local.shortest}${local.ending}", 0, local.most)
  id       = local.most == 0 ? local.full : length(local.full) > local.most ? local.short : local.full

  tag_labels = merge(local.labels, { name = local.id })
  tagged     = contains(local.passed.labels_as_tags, "default") ? keys(local.tag_labels) : local.passed.labels_as_tags
  own_tags = {
    for part in setintersection(keys(local.tag_labels), local.tagged) :
    (local.key_case == "upper" ? upper(part) : local.key_case == "lower" ? lower(part) : title(part)) => local.tag_labels[part]
    if length(local.tag_labels[part]) > 0
  }
  tags = merge(local.own_tags, local.passed.tags)
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
  value = local.passed.additional_tag_map
}

output "tags_as_list_of_maps" {
  value = [for key in keys(local.tags) : merge({ key = key, value = local.tags[key] }, local.passed.additional_tag_map)]
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
    for name, wanted in local.passed.descriptor_formats :
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
