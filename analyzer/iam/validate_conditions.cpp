// The part of validate() about conditions: operators, keys, and values that fit both.
#include <algorithm>
#include <array>

#include "aws/action_patterns.h"
#include "iam/key_facts.h"
#include "iam/pattern.h"
#include "iam/scalar.h"
#include "iam/survey.h"
#include "iam/validate_parts.h"

namespace gabion::iam {

namespace {

std::string_view type_name(KeyType type) {
  constexpr std::array<std::string_view, 7> kNames{"texts",     "true or false", "numbers",    "dates",
                                                   "addresses", "ARNs",          "binary data"};
  return kNames[static_cast<std::size_t>(type)];
}

/// Can the value be read as the operator needs it?
bool fits(OperatorFamily family, std::string_view value) {
  switch (family) {
    case OperatorFamily::kBool:
    case OperatorFamily::kNull:
      return equal_folded(value, "true") || equal_folded(value, "false");
    case OperatorFamily::kIpAddress:
      return parse_range(value).has_value();
    case OperatorFamily::kArnLike:
      return value == "*" || arn_fields(value) == 6;
    default:
      break;
  }
  switch (type_of(family).value_or(KeyType::kString)) {
    case KeyType::kNumeric:
      return parse_decimal(value).has_value();
    case KeyType::kDate:
      return parse_instant(value).has_value();
    default:
      return true;
  }
}

std::string_view wanted(OperatorFamily family) {
  if (family == OperatorFamily::kNull) {
    return "true or false";
  }
  return type_name(type_of(family).value_or(KeyType::kString));
}

void check_value(const Checker& checker, const Condition& condition, const Text& text) {
  const Marked marked(text);
  const std::string_view value = marked.view();
  if (value.find(kHoleMark) != std::string::npos || value.find("${") != std::string::npos) {
    if (value.find("${") != std::string::npos && value.find('}', value.find("${")) == std::string::npos) {
      checker.error("policy-variable", "the policy variable in " + quoted(text.str()) + " is not closed", text.region,
                    "it ends with \"}\"");
    }
    return;
  }
  if (!fits(condition.op.family, value)) {
    const std::string message = condition.operator_text.str() + " compares " +
                                std::string(wanted(condition.op.family)) + ", and " + quoted(value) + " is none";
    if (condition.op.family == OperatorFamily::kArnLike) {
      checker.warning("policy-condition-value", message, text.region, "it never matches; an ARN has six fields");
    } else {
      checker.error("policy-condition-value", message, text.region);
    }
    return;
  }
  if (value.find("&{") != std::string::npos) {
    checker.warning("policy-variable", quoted(value) + " has \"&{\", which IAM takes as plain text", text.region,
                    "only aws_iam_policy_document turns it into \"${\"");
  }
  const bool plain = condition.op.family == OperatorFamily::kStringEquals ||
                     condition.op.family == OperatorFamily::kStringEqualsIgnoreCase;
  // The header asks that there is no object at all, and is written so; everybody is a principal of functions.
  const std::string key = condition.key.str();
  const bool meant = value == "*" && (equal_folded(key, "s3:if-none-match") || equal_folded(key, "lambda:Principal"));
  if (plain && !meant && value.find('*') != std::string::npos) {
    checker.warning(
        "policy-wildcard-literal",
        "to " + condition.operator_text.str() + " the \"*\" in " + quoted(value) + " is an ordinary character",
        text.region, condition.op.negated ? "StringNotLike knows wildcards" : "StringLike knows wildcards");
  }
}

/// Where the operator was written; the condition, when no narrower place is known than what holds it.
Region operator_place(const Condition& condition) {
  const Region& written = condition.operator_text.region;
  return !written.valid() || (condition.region.valid() && written.contains(condition.region)) ? condition.region
                                                                                              : written;
}

/// Operator and key of different types: the test cannot come out as it looks.
void check_types(const Checker& checker, const Condition& condition) {
  const std::string key = condition.key.str();
  const KnownKey* known = find_known_key(key);
  if (known == nullptr || condition.op.family == OperatorFamily::kNull) {
    return;
  }
  const auto type = type_of(condition.op.family);
  const bool text_operator = !type || *type == KeyType::kArn;
  if (type && *type != known->type && !(text_operator && known->type == KeyType::kString)) {
    checker.warning("policy-condition-type",
                    condition.operator_text.str() + " compares " + std::string(type_name(*type)) + ", and " + key +
                        " holds " + std::string(type_name(known->type)),
                    operator_place(condition));
  } else if (!type && known->type == KeyType::kIp) {
    const bool range = std::ranges::any_of(condition.values.items, [](const Text& text) {
      return text.known() && text.str().find('/') != std::string::npos;
    });
    if (range) {
      checker.warning("policy-condition-type",
                      condition.operator_text.str() + " takes the ranges for " + key + " as plain text",
                      operator_place(condition), "IpAddress and NotIpAddress know ranges");
    }
  }
  if (known->multivalued && condition.op.qualifier == Qualifier::kNone) {
    checker.warning("policy-condition-list",
                    key + " holds several values, which " + condition.operator_text.str() + " cannot compare",
                    operator_place(condition), "put ForAnyValue: or ForAllValues: before the operator");
  }
}

/// The nearest operator to one that does not exist, with the qualifier and the IfExists that it has.
std::string nearest_operator(std::string_view written) {
  constexpr std::string_view kIfExists = "IfExists";
  const std::size_t colon = written.find(':');
  std::string prefix;
  if (colon != std::string_view::npos) {
    constexpr std::array<std::string_view, 2> kQualifiers{"ForAllValues", "ForAnyValue"};
    prefix = nearest(written.substr(0, colon), kQualifiers);
    if (prefix.empty()) {
      return {};
    }
    prefix += ':';
    written.remove_prefix(colon + 1);
  }
  std::string_view suffix;
  if (written.size() > kIfExists.size() && equal_folded(written.substr(written.size() - kIfExists.size()), kIfExists)) {
    suffix = kIfExists;
    written.remove_suffix(kIfExists.size());
  }
  const std::vector<std::string_view> names = operator_names();
  const std::string_view near = nearest(written, names);
  return near.empty() ? std::string() : prefix + std::string(near) + std::string(suffix);
}

/// False when nothing more can be said about the condition.
bool check_operator(const Checker& checker, const Condition& condition) {
  const std::string written = condition.operator_text.str();
  if (condition.op.family == OperatorFamily::kUnknown) {
    const std::string near = nearest_operator(written);
    checker.error("policy-unknown-operator", quoted(written) + " is no condition operator", operator_place(condition),
                  near.empty() ? "" : "nearest is " + quoted(near), replacement(condition.operator_text, near),
                  "Operator");
    return false;
  }
  if (const std::string spelling = spelling_of(condition.op); spelling != written) {
    checker.warning("policy-operator-case", quoted(written) + " should be spelled " + quoted(spelling),
                    operator_place(condition), {}, replacement(condition.operator_text, spelling), "Operator");
  }
  if (condition.op.family == OperatorFamily::kNull &&
      (condition.op.if_exists || condition.op.qualifier != Qualifier::kNone)) {
    checker.error("policy-unknown-operator", "Null knows neither IfExists nor ForAllValues and ForAnyValue",
                  operator_place(condition), "it is about whether the key exists",
                  replacement(condition.operator_text, "Null"), "Operator");
  }
  return true;
}

bool check_key(const Checker& checker, const Condition& condition) {
  const std::string key = condition.key.str();
  const std::size_t colon = key.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == key.size()) {
    checker.error("policy-condition-key", quoted(key) + " is no condition key", condition.key.region,
                  "keys look like \"aws:SourceIp\"");
    return false;
  }
  if (const auto near = aws::nearest_condition_key(key)) {
    checker.warning("policy-unknown-key", "there is no condition key " + key, condition.key.region,
                    "nearest is " + quoted(*near), replacement(condition.key, *near), "Key");
  }
  check_types(checker, condition);
  return true;
}

}  // namespace

void check_conditions(const Checker& checker) {
  for (const Condition& condition : checker.statement.conditions) {
    if (!condition.operator_text.known()) {
      continue;
    }
    if (!check_operator(checker, condition) || (condition.key.known() && !check_key(checker, condition))) {
      continue;
    }
    if (condition.values.items.empty()) {
      checker.warning("policy-empty-list", "the condition on " + condition.key.str() + " has no values",
                      condition.region);
    }
    for (const Text& text : condition.values.items) {
      check_value(checker, condition, text);
    }
  }
}

}  // namespace gabion::iam
