// Conditions on concrete context values: the operators of IAM, one request at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iam/decide.h"
#include "iam/document.h"
#include "iam/open_point.h"

namespace gabion::iam {

/// What conditions may look at.
struct ConditionScope {
  const RequestContext& context;
  bool variables = false;  ///< the document's version has policy variables
  OpenPoints alternatives{};
};

/// Value of a context key, or null.
[[nodiscard]] const ContextValue* find_key(const RequestContext& context, std::string_view key);

/// The single value that a policy variable stands for, or nothing.
[[nodiscard]] std::optional<std::string> variable_value(const RequestContext& context, std::string_view key,
                                                        OpenPoints alternatives);

/// One policy value against one request value. Nothing when one of them cannot be read as the family needs it.
[[nodiscard]] std::optional<bool> test_value(const ConditionOperator& op, const Text& policy_value,
                                             std::string_view request_value, const ConditionScope& scope);

/// All policy values against one request value, negation included.
[[nodiscard]] bool test_values(const Condition& condition, std::string_view request_value, const ConditionScope& scope);

[[nodiscard]] bool condition_holds(const Condition& condition, const ConditionScope& scope);

}  // namespace gabion::iam
