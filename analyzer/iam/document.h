// An IAM policy document as data, wherever it was written: JSON text, text with interpolations, or evaluated values.
// Rules, decide() and the prover read it; reading is lenient and never drops an element without a diagnostic.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/truth.h"
#include "eval/value.h"
#include "findings/diagnostic.h"
#include "iam/text.h"
#include "source/boxed.h"
#include "source/budget.h"
#include "syntax/json/parser.h"

namespace gabion::iam {

using eval::Truth;

/// Where a document is attached; decides how Principal and Resource are read.
enum class PolicyKind : std::uint8_t { kIdentity, kResource, kTrust };
/// "identity", "resource", "trust".
[[nodiscard]] std::string_view name(PolicyKind kind);
[[nodiscard]] std::optional<PolicyKind> policy_kind_from_name(std::string_view text);

/// kUnknown: a hole. kInvalid: missing or neither Allow nor Deny; such a statement matches nothing.
enum class Effect : std::uint8_t { kAllow, kDeny, kUnknown, kInvalid };

/// A scalar or list element of a statement (Action, Resource, condition values): OR-ed texts.
struct TextList {
  bool present = false;
  bool scalar = false;  ///< written as a scalar
  std::vector<Text> items;
  Region region;      ///< of the value
  Region key_region;  ///< of the element's name, when it was written as one
};

/// One identifier of a Principal element. `type` is "AWS", "Service", "Federated", "CanonicalUser", "*" (the bare
/// star), or whatever else was written.
struct Identifier {
  std::string type;
  Text value;
};

/// Principal or NotPrincipal.
struct PrincipalSet {
  bool present = false;
  std::vector<Identifier> identifiers;
  Region region;
  Region key_region;
};

/// Qualifier of a condition operator.
enum class Qualifier : std::uint8_t { kNone, kForAllValues, kForAnyValue };

/// Base operators without negation, ordering variants apart.
enum class OperatorFamily : std::uint8_t {
  kStringEquals,
  kStringEqualsIgnoreCase,
  kStringLike,
  kNumericEquals,
  kNumericLessThan,
  kNumericLessThanEquals,
  kNumericGreaterThan,
  kNumericGreaterThanEquals,
  kDateEquals,
  kDateLessThan,
  kDateLessThanEquals,
  kDateGreaterThan,
  kDateGreaterThanEquals,
  kBool,
  kBinaryEquals,
  kIpAddress,
  kArnLike,
  kNull,
  kUnknown,  ///< no operator of IAM, or a hole
};

/// A condition operator taken apart: ForAllValues:StringNotLikeIfExists.
struct ConditionOperator {
  Qualifier qualifier = Qualifier::kNone;
  OperatorFamily family = OperatorFamily::kUnknown;
  bool negated = false;
  bool if_exists = false;
  bool arn_equals = false;  ///< written ArnEquals / ArnNotEquals (same meaning as ArnLike)
  friend bool operator==(const ConditionOperator&, const ConditionOperator&) = default;
};

/// Reads the name of an operator (exact case for the base, as the grammar has it; other case is accepted).
[[nodiscard]] ConditionOperator parse_operator(std::string_view text);
/// The operator as the grammar spells it; empty for one that is unknown.
[[nodiscard]] std::string spelling_of(const ConditionOperator& op);
/// Names of the grammar, without qualifiers and IfExists.
[[nodiscard]] std::vector<std::string_view> operator_names();

/// One operator and key with their values.
struct Condition {
  Text operator_text;  ///< as written
  ConditionOperator op;
  Text key;
  TextList values;
  Region region;  ///< key and values
};

struct Statement {
  std::optional<Text> sid;
  Effect effect = Effect::kInvalid;
  Text effect_text;
  TextList actions;
  TextList not_actions;
  TextList resources;
  TextList not_resources;
  PrincipalSet principals;
  PrincipalSet not_principals;
  std::vector<Condition> conditions;
  Region conditions_region;  ///< of the Condition element, if there is one
  /// Set when something about the statement is open beyond its texts (unknown element, instance that may not
  /// exist): it may match less than what is written, or not at all.
  source::Boxed<Hole> open;
  Region region;
  std::size_t index = 0;  ///< position in the document
  const eval::Origin* origin = nullptr;
};

/// The texts of a statement, its Sid aside, in an order that hangs on how many of each kind there are alone.
[[nodiscard]] std::vector<const Text*> texts_in(const Statement& statement);

struct PolicyDocument {
  std::optional<Text> version;  ///< absent means 2008-10-17
  std::optional<Text> id;
  std::vector<Statement> statements;
  bool statement_scalar = false;  ///< Statement was a single object
  bool up_to_others = false;      ///< one of several, by more than variables say: which one, AWS or a file decides
  /// Set when there may be further statements, or statements that could not be read.
  source::Boxed<Hole> open;
  Region region;
  const eval::Origin* origin = nullptr;
  std::size_t compact_size = 0;  ///< bytes of the JSON text without white space between its parts; holes count nothing
  std::size_t visible_size = 0;  ///< of these, characters that are no white space, as IAM counts

  /// Version 2012-10-17: policy variables are live. Unknown when the version is a hole.
  [[nodiscard]] Truth has_variables() const;
  /// Every hole in the document, sorted by name, once each.
  [[nodiscard]] std::vector<Hole> holes() const;
};

/// A text that should be replaced by another one, at the place where it was written.
struct Replacement {
  source::Region region;
  std::string from;
  std::string to;
  bool raw = false;      ///< `to` is JSON rather than the contents of a string
  std::string member{};  ///< the region is an object that lacks this member, which is to be `to`; `from` is empty
};

/// The name of the hole in place of a policy that may be more documents than are looked at: no value has it.
inline constexpr std::string_view kTooManyWays = "more alternatives than are looked at";

/// How a policy was understood. One document normally; several when the value is one of several alternatives.
struct PolicyReading {
  std::vector<PolicyDocument> documents;
  findings::Diagnostics diagnostics;
  /// kYes: everything is in `documents`. kUnknown: `unknown` may be some other document. kNo: nothing could be read.
  Truth complete = Truth::kYes;
  std::optional<Hole> unknown;
  /// What some diagnostics, by index, suggest to write instead.
  std::vector<std::pair<std::size_t, Replacement>> suggestions;
};

/// What the caller may know about holes: returns the text behind a symbol ("arn:aws:s3:::" + hole) or nothing.
using HoleResolver = std::function<std::optional<Text>(const eval::Symbol&)>;

struct ReadOptions {
  source::Limits limits{};
  HoleResolver resolve{};  ///< may be empty
  std::size_t max_alternatives = 32;
};

/// Reads a policy from an evaluated value: a string (known, templated or encoded from a value) or an object.
[[nodiscard]] PolicyReading read_policy(const eval::Value& value, const ReadOptions& options = {});
/// Reads JSON text. The region is where the text was written.
[[nodiscard]] PolicyReading read_policy_json(std::string_view text, Region region = {},
                                             const ReadOptions& options = {});
/// Reads JSON text with holes; `holes[i]` is what piece hole number i stands for.
[[nodiscard]] PolicyReading read_policy_json(std::span<const syntax::json::Piece> pieces, std::span<const Hole> holes,
                                             const ReadOptions& options = {});

/// Text of an evaluated string: template parts keep their regions, unknown parts become holes.
[[nodiscard]] Text read_text(const eval::Value& value, const ReadOptions& options = {});

}  // namespace gabion::iam
