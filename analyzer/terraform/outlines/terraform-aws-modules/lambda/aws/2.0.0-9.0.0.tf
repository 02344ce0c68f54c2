# A function, its log group, and its role: whom it trusts, and the policies that it is given.
variable "create" {
  default = true
}

variable "create_function" {
  default = true
}

variable "create_layer" {
  default = false
}

variable "function_name" {
  default = ""
}

variable "package_type" {
  default = "Zip"
}

variable "runtime" {
  default = ""
}

variable "environment_variables" {
  default = {}
}

variable "kms_key_arn" {
  default = null
}

variable "tracing_mode" {
  default = null
}

variable "dead_letter_target_arn" {
  default = null
}

variable "vpc_subnet_ids" {
  default = null
}

variable "vpc_security_group_ids" {
  default = null
}

variable "logging_log_group" {
  default = null
}

variable "lambda_at_edge" {
  default = false
}

variable "tags" {
  default = {}
}

variable "function_tags" {
  default = {}
}

variable "use_existing_cloudwatch_log_group" {
  default = false
}

variable "cloudwatch_logs_retention_in_days" {
  default = null
}

variable "cloudwatch_logs_kms_key_id" {
  default = null
}

variable "cloudwatch_logs_log_group_class" {
  default = null
}

variable "cloudwatch_logs_tags" {
  default = {}
}

variable "create_role" {
  default = true
}

variable "lambda_role" {
  default = ""
}

variable "role_name" {
  default = null
}

variable "role_path" {
  default = null
}

variable "role_permissions_boundary" {
  default = null
}

variable "role_maximum_session_duration" {
  default = 3600
}

variable "role_tags" {
  default = {}
}

variable "trusted_entities" {
  default = []
}

variable "assume_role_policy_statements" {
  default = {}
}

variable "attach_policy" {
  default = false
}

variable "policy" {
  default = null
}

variable "attach_policies" {
  default = false
}

variable "number_of_policies" {
  default = 0
}

variable "policies" {
  default = []
}

variable "attach_policy_json" {
  default = false
}

variable "policy_json" {
  default = null
}

variable "attach_policy_jsons" {
  default = false
}

variable "number_of_policy_jsons" {
  default = 0
}

variable "policy_jsons" {
  default = []
}

variable "attach_policy_statements" {
  default = false
}

variable "policy_statements" {
  default = {}
}

locals {
  made      = var.create && var.create_function && !var.create_layer
  made_role = local.made && var.create_role
  log_group = coalesce(var.logging_log_group, "/aws/lambda/${var.lambda_at_edge ? "us-east-1." : ""}${var.function_name}")
  services  = concat(["lambda.amazonaws.com"], var.lambda_at_edge ? ["edgelambda.amazonaws.com"] : [], [for one in var.trusted_entities : try(tostring(one), "")])
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = distinct(compact(local.services))
    }

    dynamic "principals" {
      for_each = [for one in var.trusted_entities : one if !can(tostring(one))]

      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }

  dynamic "statement" {
    for_each = var.assume_role_policy_statements

    content {
      sid         = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect      = try(statement.value.effect, null)
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, [])

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, [])

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.condition, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

data "aws_iam_policy_document" "given" {
  dynamic "statement" {
    for_each = var.policy_statements

    content {
      sid           = try(statement.value.sid, replace(statement.key, "/[^0-9A-Za-z]*/", ""))
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, [])

        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, [])

        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.condition, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "made" {
  count                = local.made_role ? 1 : 0
  name                 = coalesce(var.role_name, var.function_name, "*")
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = var.role_maximum_session_duration
  tags                 = merge(var.tags, var.role_tags)
}

resource "aws_iam_role_policy" "statements" {
  count  = local.made_role && var.attach_policy_statements ? 1 : 0
  role   = aws_iam_role.made[0].name
  policy = data.aws_iam_policy_document.given.json
}

resource "aws_iam_role_policy" "json" {
  count  = local.made_role && var.attach_policy_json ? 1 : 0
  role   = aws_iam_role.made[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "jsons" {
  count  = local.made_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  role   = aws_iam_role.made[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "one" {
  count      = local.made_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.made[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "many" {
  count      = local.made_role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.made[0].name
  policy_arn = var.policies[count.index]
}

resource "aws_cloudwatch_log_group" "made" {
  count             = local.made && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = local.log_group
  retention_in_days = var.cloudwatch_logs_retention_in_days
  kms_key_id        = var.cloudwatch_logs_kms_key_id
  log_group_class   = var.cloudwatch_logs_log_group_class
  tags              = merge(var.tags, var.cloudwatch_logs_tags)
}

data "aws_cloudwatch_log_group" "used" {
  count = local.made && var.use_existing_cloudwatch_log_group ? 1 : 0
  name  = local.log_group
}

resource "aws_lambda_function" "made" {
  count         = local.made ? 1 : 0
  function_name = var.function_name
  role          = var.create_role ? aws_iam_role.made[0].arn : var.lambda_role
  package_type  = var.package_type
  runtime       = var.package_type == "Zip" ? var.runtime : null
  kms_key_arn   = var.kms_key_arn
  tags          = merge(var.tags, var.function_tags)

  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) == 0 ? [] : [var.environment_variables]

    content {
      variables = environment.value
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [var.tracing_mode]

    content {
      mode = tracing_config.value
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [var.dead_letter_target_arn]

    content {
      target_arn = dead_letter_config.value
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids == null || var.vpc_security_group_ids == null ? [] : [var.vpc_subnet_ids]

    content {
      subnet_ids         = vpc_config.value
      security_group_ids = var.vpc_security_group_ids
    }
  }

  dynamic "logging_config" {
    for_each = var.logging_log_group == null ? [] : [var.logging_log_group]

    content {
      log_format = "Text"
      log_group  = logging_config.value
    }
  }

  depends_on = [aws_cloudwatch_log_group.made]
}

output "lambda_function_arn" {
  value = try(aws_lambda_function.made[0].arn, "")
}

output "lambda_function_invoke_arn" {
  value = try(aws_lambda_function.made[0].invoke_arn, "")
}

output "lambda_function_name" {
  value = try(aws_lambda_function.made[0].function_name, "")
}

output "lambda_function_qualified_arn" {
  value = try(aws_lambda_function.made[0].qualified_arn, "")
}

output "lambda_function_version" {
  value = try(aws_lambda_function.made[0].version, "")
}

output "lambda_role_arn" {
  value = try(aws_iam_role.made[0].arn, "")
}

output "lambda_role_name" {
  value = try(aws_iam_role.made[0].name, "")
}

output "lambda_cloudwatch_log_group_arn" {
  value = try(aws_cloudwatch_log_group.made[0].arn, data.aws_cloudwatch_log_group.used[0].arn, "")
}

output "lambda_cloudwatch_log_group_name" {
  value = try(aws_cloudwatch_log_group.made[0].name, data.aws_cloudwatch_log_group.used[0].name, "")
}
