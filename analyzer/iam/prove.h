// Decides questions about all requests at once: is every request of a set denied, is none allowed. A yes is a proof, a
// no comes with a request that decide() confirms, unknown says on what it hangs. Called by rule functions and the CLI.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/truth.h"
#include "iam/decide.h"
#include "iam/document.h"
#include "iam/formula.h"
#include "iam/open_point.h"

namespace gabion::iam {

class AnswerMemo;
class Subject;

enum class KeyType : std::uint8_t { kString, kBool, kNumeric, kDate, kIp, kArn, kBinary };
/// The types as questions name them: "string", "bool" ...
[[nodiscard]] std::span<const std::pair<std::string_view, KeyType>> key_type_names();

/// What may be assumed about a context key.
struct KeyFact {
  std::string key;
  std::optional<KeyType> type;  ///< from the key's name and its uses when not given
  bool always = false;          ///< present in every request
  bool multivalued = false;
  std::vector<std::string> only;  ///< the values it can have; empty: any of its type
};

/// A formula that every real request satisfies.
struct Fact {
  std::string name;
  Formula formula;
};

/// What the prover takes for granted.
struct Assumptions {
  std::vector<KeyFact> keys;
  std::vector<Fact> facts;
  /// Facts about AWS: which keys are always or never there for which callers (see key_facts.h).
  bool aws = true;
  /// Names of facts about AWS, as answers list them, that are not to be assumed.
  std::vector<std::string> without{};
  /// Whether answers list which facts they hang on, which takes a search for each.
  bool name_assumed = true;
  /// Actions to prefer in witnesses (real names), borrowed.
  std::span<const std::string_view> actions{};
  /// Where answers are looked for and kept, borrowed; null: nowhere.
  AnswerMemo* answers = nullptr;
  /// Search steps. The default answers every question of practice; running out gives unknown.
  std::uint64_t steps = 200'000;
};

/// An answer and its reasons.
struct Proof {
  Truth answer = Truth::kUnknown;
  std::optional<Request> witness;    ///< no (or yes of allows_some): a request that shows it
  std::vector<std::string> absent;   ///< keys that the question is about and the witness lacks
  std::string because;               ///< one sentence, no full stop
  std::vector<std::string> assumed;  ///< facts that the answer hangs on
  OpenPoints open_points;            ///< open points that the answer hangs on
  std::vector<Hole> holes;           ///< unknown texts that it hangs on; a witness may contain them as "{name}"
  /// Index of the statement that lets the witness through (an Allow that matches), or that comes closest.
  std::optional<std::size_t> statement;
};

/// Is every request that satisfies the formula explicitly denied?
[[nodiscard]] Proof prove_denies(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                                 const Assumptions& assumptions = {});
/// Is no request that satisfies the formula allowed?
[[nodiscard]] Proof prove_never_allows(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                                       const Assumptions& assumptions = {});
/// Is some request that satisfies the formula allowed? (Negation of the above; the witness comes with yes.)
[[nodiscard]] Proof allows_some(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                                const Assumptions& assumptions = {});

/// Several documents of one kind that apply together (an Allow of any, unless one denies), as all policies of a role.
[[nodiscard]] Proof prove_denies(std::span<const PolicyDocument* const> documents, PolicyKind kind,
                                 const Formula& formula, const Assumptions& assumptions = {});
[[nodiscard]] Proof prove_never_allows(std::span<const PolicyDocument* const> documents, PolicyKind kind,
                                       const Formula& formula, const Assumptions& assumptions = {});
/// The same for a formula that several lists of documents are asked about.
[[nodiscard]] Proof prove_denies(std::span<const PolicyDocument* const> documents, PolicyKind kind,
                                 const Subject& subject, const Assumptions& assumptions);
[[nodiscard]] Proof prove_never_allows(std::span<const PolicyDocument* const> documents, PolicyKind kind,
                                       const Subject& subject, const Assumptions& assumptions);

}  // namespace gabion::iam
