// What a question talks about: which context keys, tested how, and which callers. Collected from documents and formulas
// before a Problem is built, because callers and keys depend on all of it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iam/document.h"
#include "iam/formula.h"
#include "iam/key_facts.h"
#include "iam/principal.h"
#include "iam/prove.h"
#include "iam/word.h"

namespace gabion::iam {

/// How a context key is used.
struct KeyUse {
  std::string name;                    ///< as first written
  std::set<KeyType> types;             ///< that its operators ask for
  bool in_set = false;                 ///< tested with ForAllValues or ForAnyValue
  bool as_list = false;                ///< tested with has or subset
  bool as_variable = false;            ///< stands in a text, or is compared with another key
  std::vector<std::string> constants;  ///< texts it is compared with, in order
  std::optional<Text> open_name;       ///< the name has holes; the key goes by the names of these
  bool ambiguous = false;              ///< two unknown names that look the same
};

/// A caller that stands for all callers that no identifier of the question tells apart from it.
struct Candidate {
  Caller caller;
  bool symbolic = false;      ///< its text has the ground text of a hole
  bool handed_out = false;    ///< symbolic: its holes are ids and ARNs that AWS hands out
  bool unknown_kind = false;  ///< whom an unknown text names: a user, a role, an account, nobody knows
  bool generic = false;       ///< stands for callers that are not mentioned
  bool fresh = false;         ///< of an account that is neither mentioned nor any of the unknown ones
};

/// Collects uses. Holes get their numbers and ground texts here.
class Survey {
 public:
  explicit Survey(HoleTable& holes) : holes_(holes) {}
  /// A copy that goes on with a copy of the other one's holes.
  Survey(const Survey& other, HoleTable& holes)
      : holes_(holes),
        keys_(other.keys_),
        mentioned_(other.mentioned_),
        unknown_principals_(other.unknown_principals_),
        services_(other.services_),
        providers_(other.providers_) {}

  void add(const PolicyDocument& document, PolicyKind kind);
  void add(const Formula& formula);

  /// By folded name.
  [[nodiscard]] const std::map<std::string, KeyUse>& keys() const { return keys_; }
  [[nodiscard]] std::vector<std::string_view> key_names() const;
  /// Are there texts that may name any kind of caller?
  [[nodiscard]] bool names_unknown_callers() const { return !unknown_principals_.empty(); }
  /// Accounts and principals as ground texts.
  [[nodiscard]] const Mentioned& mentioned() const { return mentioned_; }
  /// The same without those that stand for something unknown.
  [[nodiscard]] Mentioned mentioned_by_name() const;
  /// Callers of these types that the question can tell apart, and those of unknown type.
  [[nodiscard]] std::vector<Candidate> candidates(PrincipalTypes types) const;
  /// Is a key with holes in its name surely none of the other keys, nor one that AWS documents facts about? Then it is
  /// a key like any other, whatever its name is.
  [[nodiscard]] bool is_key_of_its_own(const Text& name) const;
  /// The text with holes replaced by their ground texts.
  [[nodiscard]] std::string ground(const Text& text) const;
  /// The other way round: the text with ground texts replaced by their holes. Nothing when a hole stays hidden in it:
  /// the account of a role of which nothing is known has no text of its own.
  [[nodiscard]] std::optional<Text> spelled(std::string_view ground) const;
  /// aws:PrincipalArn of a caller, as ground text: itself, or the role of a session.
  [[nodiscard]] std::string principal_arn(const Caller& caller) const;

 private:
  void add_condition(const Condition& condition, bool variables);
  void add_variables(const Text& text);
  /// Notes a text that a key is compared with.
  void add_constant(KeyUse& key, std::string_view text);
  void add_identifier(const std::string& type, const Text& value);
  /// Gives the holes of a text that names a caller their numbers and ground texts.
  void ground_holes(const std::string& type, const Text& value);
  KeyUse& use(std::string_view key);
  void name_holes(Candidate& candidate) const;
  /// Each stands for all that the question does not name.
  [[nodiscard]] std::string unmentioned_account() const;
  [[nodiscard]] std::string unmentioned_service() const;

  HoleTable& holes_;
  std::map<std::string, KeyUse> keys_;
  Mentioned mentioned_;
  std::set<std::string> unknown_principals_;  ///< ground texts of holes that may name any kind of caller
  std::set<std::string> services_;
  std::set<std::string> providers_;
  std::uint32_t depth_ = 0;
};

/// A survey with its holes.
struct Surveyed {
  Surveyed() = default;
  Surveyed(const Surveyed& other) : holes(other.holes), survey(other.survey, holes) {}
  Surveyed& operator=(const Surveyed&) = delete;

  HoleTable holes;
  Survey survey{holes};
};

/// Value type that an operator asks for, if it asks for one.
[[nodiscard]] std::optional<KeyType> type_of(OperatorFamily family);

/// Resource type that an unknown belongs to, from its symbol: "aws_iam_role"; empty when it is none.
[[nodiscard]] std::string_view resource_type(const Hole& hole);

}  // namespace gabion::iam
