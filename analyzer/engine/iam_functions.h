// Rule functions about IAM policies, as plain C++ over evaluated values: the engine exposes them to rule expressions
// (`iam_denies(self.policy, "resource", {...})`). They are pure; everything they make lives in the given arena.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "eval/evaluator.h"
#include "eval/value.h"
#include "findings/finding.h"
#include "iam/document.h"
#include "iam/formula.h"
#include "iam/prove.h"

namespace gabion::engine {

/// Options of one question: the object that a rule may pass as last argument (null when it passes none).
/// Attributes, all optional: `facts` (list of formulas), `keys` (map of key to {type, always, multivalued, only}),
/// `aws` (false switches the facts about AWS off), `without` (names of single facts about AWS to switch off).
struct IamQuestion {
  iam::PolicyKind kind = iam::PolicyKind::kIdentity;
  iam::Formula formula;
  iam::Assumptions assumptions;
};

/// Gives the reading of a policy value; it may have been made before.
using PolicySource = std::function<std::shared_ptr<const iam::PolicyReading>(const eval::Value& policy)>;
/// Reads every time.
[[nodiscard]] PolicySource reading_with(iam::ReadOptions options = {});

/// A question, or what is wrong with the arguments (for an evaluation error; lower case, no full stop).
struct ReadQuestion {
  std::optional<IamQuestion> question;
  std::string error;
  bool open = false;  ///< something in the formula is not known of which it takes the shape to ask
};

/// The value of a call with a question that cannot be read.
[[nodiscard]] eval::Value unreadable(const ReadQuestion& read, const eval::Value& formula, const eval::Call& call,
                                     eval::Context& context);

/// Reads the arguments that follow the policy: kind ("identity", "resource", "trust"), formula, options.
[[nodiscard]] ReadQuestion read_question(const eval::Value& kind, const eval::Value& formula,
                                         const eval::Value* options, const iam::ReadOptions& reading = {});

/// iam_denies(policy, kind, formula): is every request that satisfies the formula explicitly denied?
/// `policy` is a policy value, or a list of them that apply together. Alternatives: yes when all are, no when all are
/// not.
[[nodiscard]] iam::Proof iam_denies(const eval::Value& policy, const IamQuestion& question,
                                    const PolicySource& source = reading_with());
/// iam_never_allows(policy, kind, formula): is no request that satisfies the formula allowed?
[[nodiscard]] iam::Proof iam_never_allows(const eval::Value& policy, const IamQuestion& question,
                                          const PolicySource& source = reading_with());
/// iam_allows(policy, kind, formula): is some request that satisfies the formula allowed?
[[nodiscard]] iam::Proof iam_allows(const eval::Value& policy, const IamQuestion& question,
                                    const PolicySource& source = reading_with());

/// policy_statements(policy): tuple of one object per statement, for `each`. Every value has the origin of the element
/// it shows (with a region), so that findings point at it. Members, always all of them:
///   sid (string or null), effect (string or null), actions, not_actions, resources, not_resources (tuple of strings,
///   null when the element is not there), principals, not_principals (tuple of {type, identifiers}, null when not
///   there), conditions (tuple of {operator, key, values}; the operator as written), index (number).
/// Texts with holes are unknown strings with parts. An unknown policy, or one of several alternatives with different
/// statements, is an unknown tuple. Policy texts that cannot be read give the statements that could be read.
[[nodiscard]] eval::Value policy_statements(const eval::Value& policy, eval::Context& context,
                                            const PolicySource& source = reading_with());

/// policy_problems(policy, use): tuple of one object per problem that iam::validate() finds in a document of that use
/// ("identity", "bucket", "trust" ...): code, severity ("error" for what AWS refuses, "warning" for what it reads in
/// another way), message, hint (empty when there is none), statement (index or null), element, from and to (what should
/// stand there instead; empty when nobody can tell). Each has the origin of the text it is about. Unknown when the
/// policy is.
[[nodiscard]] eval::Value policy_problems(const eval::Value& policy, const eval::Value& use, eval::Context& context,
                                          const PolicySource& source, source::Region call);
/// policy_remarks(policy, kind): tuple of one object per statement that says nothing (iam::review): kind
/// ("never-matches", "redundant", "shadowed"), statement (index), by (indexes), message. Origins as above.
[[nodiscard]] eval::Value policy_remarks(const eval::Value& policy, const eval::Value& kind, eval::Context& context,
                                         const PolicySource& source, source::Region call);
/// policy_equivalent(a, b, kind): do two policies allow and deny the same?
[[nodiscard]] eval::Value policy_equivalent(const eval::Value& one, const eval::Value& other, const eval::Value& kind,
                                            eval::Context& context, const iam::ReadOptions& reading,
                                            source::Region call);

/// The witness of a proof as a finding shows it.
[[nodiscard]] std::optional<findings::Witness> to_witness(const iam::Proof& proof, const iam::PolicyDocument* document,
                                                          iam::PolicyKind kind);
/// Why a value is unknown, for an unresolved note: "depends on var.x, which has no value".
[[nodiscard]] std::string depends_on(const eval::Symbol& symbol);

}  // namespace gabion::engine
