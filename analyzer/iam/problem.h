// A question about all requests as a propositional problem: atoms are tests of one part of the request (caller, action,
// resource, one context key), nodes combine them. Built from documents and formulas; solved by solver.h.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iam/document.h"
#include "iam/formula.h"
#include "iam/key_facts.h"
#include "iam/narrowing.h"
#include "iam/open_point.h"
#include "iam/principal.h"
#include "iam/prove.h"
#include "iam/survey.h"
#include "iam/text_search.h"
#include "source/hash.h"

namespace gabion::iam {

using AtomId = std::uint32_t;
using NodeId = std::uint32_t;
using KeyId = std::uint32_t;

/// Policy values against one request value: some value matches (negated: none).
struct ValueTest {
  ConditionOperator op;                ///< family and negation
  std::vector<std::string> values;     ///< of families that are not texts; without holes
  std::shared_ptr<const TextSet> set;  ///< of text families
  bool has_holes = false;              ///< a value that is no text has a hole
  bool unreadable_fails = false;       ///< an unreadable operand fails even when negated
};

/// What a key atom says about a present key.
enum class KeyForm : std::uint8_t {
  kPresence,  ///< `on_present`
  kScalar,    ///< it has one value that is no list
  kSingle,    ///< the test, on one value; lists by `list`
  kAll,       ///< the test, on every value
  kSome,      ///< the test, on some value
};

/// A single-value test on a list.
enum class OnList : std::uint8_t { kOne, kNever, kEach };

struct KeyAtom {
  KeyId key = 0;
  KeyForm form = KeyForm::kPresence;
  bool on_absent = false;
  bool on_present = false;
  OnList list = OnList::kOne;
  std::optional<bool> on_empty;  ///< set operators: answer for the single value ""
  ValueTest test;
};

enum class AtomKind : std::uint8_t {
  kPrincipal,
  kAction,
  kResource,
  kKey,
  kKeysEqual,     ///< `key` and `other` have one value each, the same
  kResourceLink,  ///< resource matches `pattern`, which has policy variables
  kKeyLink,       ///< key atom whose `pattern` has policy variables
  kOpen,          ///< not known, fixed
};

struct Atom {
  AtomKind kind = AtomKind::kOpen;
  std::vector<bool> must;  ///< kPrincipal: by candidate
  std::vector<bool> may;
  std::vector<bool> sure;              ///< as `may`, but callers of a fresh account are not whom a hole names
  bool principal_spelled = false;      ///< has holes, and who they cover is among the candidates by name
  std::shared_ptr<const TextSet> set;  ///< kAction, kResource; kResourceLink: variables stand for any text
  KeyAtom key;                         ///< kKey; kKeyLink: without its pattern
  KeyId first = 0;                     ///< kKeysEqual
  KeyId second = 0;
  bool fold = false;              ///< kKeysEqual: ASCII case does not count
  std::vector<Pattern> patterns;  ///< links
  Hole hole;                      ///< kOpen
};

enum class NodeKind : std::uint8_t { kTrue, kFalse, kLiteral, kAll, kAny };

struct Node {
  NodeKind kind = NodeKind::kTrue;
  AtomId atom = 0;
  bool positive = true;
  std::vector<NodeId> children;
};

/// A context key of the question.
struct Key {
  std::string name;  ///< as first written
  KeyType type = KeyType::kString;
  bool may_absent = true;
  bool may_scalar = true;
  bool may_list = false;
  bool no_empty = false;  ///< lists never hold just ""
  Spelling spelling = Spelling::kAny;
  std::vector<std::string> only;
  std::vector<std::string> constants;  ///< values of its tests, for samples
  std::string_view sample;
};

/// What is asked about, needed as a whole before the first node is made.
struct ProblemInput {
  const Surveyed* surveyed = nullptr;          ///< documents and formulas
  std::span<const Subject::Either> callers{};  ///< what holds of every caller
  std::span<const Fact* const> facts{};
  std::span<const KeyFact> keys{};
  bool aws_keys = true;                    ///< what AWS documents about the presence and the values of keys
  std::span<const std::string> without{};  ///< names of facts that are not to be assumed all the same
  OpenPoints alternatives{};
};

/// Builds the nodes of one question. Everything it hands out lives as long as it does.
class Problem {
 public:
  explicit Problem(const ProblemInput& input);
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  /// Tells apart the callers that the question can tell apart. Whatever asks about callers does so by itself.
  void make_candidates();
  [[nodiscard]] NodeId formula(const Formula& formula);
  /// Some Deny statement matches.
  [[nodiscard]] NodeId denied(std::span<const PolicyDocument* const> documents, PolicyKind kind);
  /// Some Allow statement matches and no Deny statement does.
  [[nodiscard]] NodeId allowed(std::span<const PolicyDocument* const> documents, PolicyKind kind);
  /// Texts that the resource of a request can have.
  [[nodiscard]] static std::vector<Pattern> resource_texts() { return texts_of(Domain::kResource); }
  /// A session has the one role that the question knows by the name of the session's.
  [[nodiscard]] NodeId sessions_of_roles();
  /// For sure answers: `known` says what the keys of callers hold who are known. Of those who stand for somebody
  /// unknown, the keys hold the unknown texts themselves, so that a comparison is sure when it is so for all of them.
  [[nodiscard]] NodeId caller_keys(std::span<const Fact* const> known);
  [[nodiscard]] NodeId all(std::vector<NodeId> children);
  [[nodiscard]] NodeId any(std::vector<NodeId> children);
  [[nodiscard]] NodeId negate(NodeId node);

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<Atom>& atoms() const { return atoms_; }
  [[nodiscard]] const std::vector<Key>& keys() const { return keys_; }
  /// Callers that the principal atoms tell apart; without such atoms there is one.
  [[nodiscard]] const std::vector<Candidate>& candidates() const { return candidates_; }
  [[nodiscard]] const HoleTable& holes() const { return holes_; }
  [[nodiscard]] const Survey& survey() const { return survey_; }
  [[nodiscard]] const TextSet& action_domain() const { return domain(Domain::kAction); }
  [[nodiscard]] const TextSet& resource_domain() const { return domain(Domain::kResource); }
  /// Texts of a key but the empty one.
  [[nodiscard]] const TextSet& key_domain(const Key& key) const;
  /// Open points whose alternatives would read something in another way.
  [[nodiscard]] OpenPoints touched() const { return touched_; }
  /// Readings that are taken for granted because the question would otherwise not be decidable here.
  [[nodiscard]] const std::vector<std::string>& assumed() const { return assumed_; }
  [[nodiscard]] std::optional<KeyId> find_key(std::string_view name) const;

  /// A set of texts with the variables of the patterns replaced; those without a value and fallback match nothing.
  [[nodiscard]] std::unique_ptr<TextSet> substituted(const std::vector<Pattern>& patterns,
                                                     const std::map<KeyId, std::string>& values) const;

 private:
  /// Texts that a part of the request can have.
  enum class Domain : std::uint8_t { kAction, kResource, kText, kArn, kPrincipalArn, kAccount, kAccountOrAnonymous };
  [[nodiscard]] const TextSet& domain(Domain which) const;
  [[nodiscard]] static std::vector<Pattern> texts_of(Domain which);
  [[nodiscard]] Pattern pattern(const Text& text, PatternSyntax syntax);
  [[nodiscard]] NodeId literal(AtomId atom, bool positive);
  [[nodiscard]] NodeId constant(bool value) { return value ? 0 : 1; }
  [[nodiscard]] AtomId intern(std::string signature, Atom&& atom);
  /// The literal of an atom that is there already: facts ask about the same callers again and again.
  [[nodiscard]] std::optional<NodeId> known_literal(const std::string& signature);
  /// Something that is not known; with an owner it is about that statement or document alone.
  [[nodiscard]] NodeId open(Hole hole, const void* owner = nullptr);
  /// Under alternatives the same text means one thing in a policy and another in a formula.
  [[nodiscard]] std::string policy_mark() const { return alternatives_.empty() ? "" : "\1policy"; }
  void make_keys(const ProblemInput& input);
  /// Callers of these types who can be the caller. Is there somebody by each bound? The bounds behind one that leaves
  /// nobody do not count.
  [[nodiscard]] bool take_candidates(PrincipalTypes types);
  [[nodiscard]] NodeId statement(const Statement& statement, bool variables, PolicyKind kind);
  /// Do principals of the statement tell callers apart?
  [[nodiscard]] static bool names_callers(const Statement& statement);
  [[nodiscard]] NodeId principal(const PrincipalSet& set, bool complement);
  [[nodiscard]] NodeId principal(const PrincipalFilter& filter);
  /// Which callers pass a filter.
  [[nodiscard]] Atom passing(const PrincipalFilter& filter) const;
  /// It is one of these callers and no other, whatever holes may be; by their places among the candidates.
  [[nodiscard]] NodeId one_of(const std::vector<bool>& callers);
  [[nodiscard]] NodeId only(std::size_t caller);
  [[nodiscard]] NodeId action(const std::vector<Text>& list, bool policy);
  [[nodiscard]] NodeId resource(const std::vector<Text>& list, bool variables, bool policy);
  [[nodiscard]] NodeId resource_is(const std::vector<Text>& list);
  [[nodiscard]] NodeId condition(const Condition& condition, bool variables);
  [[nodiscard]] NodeId null_condition(const Condition& condition, KeyId key);
  /// Some value with policy variables matches the one value of the key.
  [[nodiscard]] NodeId linked_value(KeyId key, const Pattern& pattern, const ConditionOperator& op);
  [[nodiscard]] NodeId key_atom(KeyAtom atom, std::string signature);
  [[nodiscard]] NodeId scalar(KeyId key);
  [[nodiscard]] NodeId equal_text(KeyId key, const std::string& text, bool fold);
  [[nodiscard]] NodeId keys_equal(KeyId a, KeyId b, bool fold);
  [[nodiscard]] NodeId variables_have_values(const std::vector<Pattern>& patterns);
  [[nodiscard]] ValueTest value_test(const ConditionOperator& op, const std::vector<Text>& values, bool policy);
  [[nodiscard]] NodeId key_formula(const Formula& formula);
  struct Matches {
    std::vector<NodeId> allow;
    std::vector<NodeId> deny;
  };
  /// `allowing`: which statements allow is asked as well.
  [[nodiscard]] Matches matches(std::span<const PolicyDocument* const> documents, PolicyKind kind, bool allowing);

  OpenPoints alternatives_;
  Surveyed surveyed_;
  HoleTable& holes_ = surveyed_.holes;
  Survey& survey_ = surveyed_.survey;
  std::vector<Node> nodes_;
  std::vector<Atom> atoms_;
  std::unordered_map<std::string, AtomId, source::TextHash> atom_ids_;
  std::vector<std::array<NodeId, 2>> literals_;  ///< of atoms, negative and positive; 0 for none
  std::vector<Key> keys_;
  std::vector<Candidate> candidates_;
  bool has_candidates_ = false;
  std::vector<Subject::Either> callers_;  ///< what holds of every caller
  OpenPoints touched_;
  std::vector<std::string> assumed_;
  std::uint32_t depth_ = 0;
  mutable std::array<std::unique_ptr<TextSet>, 7> domains_;  ///< by Domain, those that somebody asked for
};

}  // namespace gabion::iam
