// Sets of requests, written as formulas: what guardrails talk about ("every s3:PutObject whose encryption header is not
// aws:kms"). Rules write them as HCL objects, the command line as JSON; the texts inside may have holes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/value.h"
#include "iam/decide.h"
#include "iam/document.h"
#include "iam/pattern.h"
#include "iam/text.h"

namespace gabion::iam {

enum class FormulaKind : std::uint8_t {
  kTrue,
  kAll,         ///< of the children
  kAny,         ///< of the children
  kNot,         ///< of the one child
  kAbsent,      ///< key
  kPresent,     ///< key
  kIn,          ///< key, values: the value is one of them (`eq` has one)
  kLike,        ///< key, values: globs
  kKeyEquals,   ///< key, other: both have one value, the same
  kLess,        ///< key, values[0]: number
  kNotLess,     ///< key, values[0]: number (`ge`)
  kBefore,      ///< key, values[0]: date
  kNotBefore,   ///< key, values[0]: date
  kIp,          ///< key, values: CIDR blocks
  kHas,         ///< key, values: some value of a multivalued key is one of them
  kSubset,      ///< key, values: every value of a multivalued key is one of them
  kArnLike,     ///< key, values: ARN patterns
  kAction,      ///< values: globs, case does not count
  kResource,    ///< values: patterns as in Resource
  kResourceIs,  ///< values[0]: text with ${key}
  kPrincipal,   ///< `principal`
};

enum class PrincipalType : std::uint8_t {
  kRoot,
  kUser,
  kRole,
  kSession,
  kFederatedUser,
  kService,
  kFederated,
  kAnonymous,
};

/// Conditions on the caller, AND-ed; empty ones do not count.
struct PrincipalFilter {
  std::vector<PrincipalType> types;
  std::vector<Text> accounts;  ///< 12 digits
  std::vector<Text> is;        ///< exact principals
};

/// A typed formula; which fields mean something is told by `kind`. Single-valued tests are false when the key is
/// absent or has several values.
struct Formula {
  FormulaKind kind = FormulaKind::kTrue;
  std::vector<Formula> children;
  std::string key;
  std::string other;
  std::vector<Text> values;
  PrincipalFilter principal;

  [[nodiscard]] static Formula all(std::vector<Formula> children);
  [[nodiscard]] static Formula any(std::vector<Formula> children);
  [[nodiscard]] static Formula negation(Formula child);
  /// A test of a key against values.
  [[nodiscard]] static Formula test(FormulaKind kind, std::string key, std::vector<Text> values = {});
};

/// A formula, or what is wrong with its text.
struct ParsedFormula {
  std::optional<Formula> formula;
  std::string error;  ///< lower case, no full stop: `"eq" needs a key and a value`
  /// An unknown stands where a formula or a list of formulas is expected: nothing is wrong with that.
  bool open = false;
};

[[nodiscard]] ParsedFormula read_formula(std::string_view json);
[[nodiscard]] ParsedFormula read_formula(const eval::Value& value, const ReadOptions& options = {});

/// Adds the keys that the formula speaks of, as they are written, as often as it does.
void add_keys(const Formula& formula, std::vector<std::string>& out);

/// The operator by which a test of that kind compares a value of the key.
[[nodiscard]] ConditionOperator operator_of(FormulaKind kind);

/// How the texts of kResource or kResourceIs are read.
[[nodiscard]] PatternSyntax resource_syntax(FormulaKind kind);

/// Does the request satisfy the formula? Holes are equal to nothing.
[[nodiscard]] bool holds(const Formula& formula, const Request& request);

}  // namespace gabion::iam
