// The rules of one run with their expressions parsed. Expressions live in artifacts of the run's store (internal ones,
// never reported), so that values made by a rule cannot be mistaken for values of the user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/function_memo.h"
#include "engine/functions.h"
#include "engine/policy_memo.h"
#include "engine/quiet_memo.h"
#include "engine/rule_set.h"
#include "eval/evaluator.h"
#include "eval/pattern_cache.h"
#include "secrets/detector.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "source/expected.h"
#include "source/hash.h"
#include "syntax/hcl/ast.h"

namespace gabion::engine {

/// Values of parameters as the user set them: name to expression text, with the place of the text for errors.
struct ParameterSetting {
  std::string expression;
  std::string path;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};
using Parameters = std::map<std::string, ParameterSetting, std::less<>>;

class PreparedRules;

/// An expression of a rule that is parsed when it is first evaluated: of all that the rules of a run say, most is not.
class LazyExpression {
 public:
  LazyExpression() = default;
  LazyExpression(PreparedRules& rules, std::string_view text) : rules_(&rules), text_(text) {}
  /// One of those of a rule, whose texts are one artifact, see texts_of(): the text begins there at `begin`.
  LazyExpression(PreparedRules& rules, const RuleData& data, std::string_view text, std::uint32_t begin)
      : rules_(&rules), data_(&data), text_(text), begin_(begin) {}

  /// Was none given?
  [[nodiscard]] bool operator==(std::nullptr_t) const { return text_.empty(); }
  [[nodiscard]] const syntax::hcl::Expression& operator*() const { return parsed_ == nullptr ? parse() : *parsed_; }
  [[nodiscard]] const syntax::hcl::Expression* operator->() const { return &**this; }

 private:
  const syntax::hcl::Expression& parse() const;

  PreparedRules* rules_ = nullptr;
  const RuleData* data_ = nullptr;  ///< null: the text is an artifact of its own
  std::string_view text_;
  std::uint32_t begin_ = 0;
  mutable const syntax::hcl::Expression* parsed_ = nullptr;
};

struct PreparedName {
  std::string_view name;
  const syntax::hcl::Expression* expression = nullptr;
};

/// What the value of a let name hangs on besides the parameters of its rule.
struct LetFacts {
  bool subject = false;        ///< what is judged, in any way
  bool configuration = false;  ///< what else there is in the configuration
  bool item = false;
  bool evidence = false;  ///< it reads or leaves evidence: evaluated anew for each judgement
  BlockReads reads;       ///< of what is judged

  /// The same for all that a rule judges in one configuration.
  [[nodiscard]] bool shared() const { return !subject && !item && !evidence; }
  /// The same in every configuration.
  [[nodiscard]] bool constant() const { return shared() && !configuration; }
  void add(const LetFacts& other) {
    subject = subject || other.subject;
    configuration = configuration || other.configuration;
    item = item || other.item;
    evidence = evidence || other.evidence;
    reads.add(other.reads);
  }
};

struct PreparedInsert {
  std::string_view type;
  std::vector<PreparedName> set;
};

struct PreparedPolicyFix {
  const PolicyFixData* data = nullptr;
  const syntax::hcl::Expression* of = nullptr;
  const syntax::hcl::Expression* where = nullptr;
  const syntax::hcl::Expression* append = nullptr;
  const syntax::hcl::Expression* keeps = nullptr;
  std::vector<PreparedName> set;
  std::vector<PreparedName> add;
  std::vector<PreparedName> remove;
  const syntax::hcl::Expression* split = nullptr;
  std::vector<PreparedName> replace;
  const syntax::hcl::Expression* version = nullptr;
};

struct PreparedDeclaration {
  std::string_view block;
  const syntax::hcl::Expression* name = nullptr;
  std::vector<PreparedName> set;
};

struct PreparedLine {
  const syntax::hcl::Expression* file = nullptr;
  const syntax::hcl::Expression* text = nullptr;
};

struct PreparedCompanion {
  const CompanionData* data = nullptr;
  const syntax::hcl::Expression* name = nullptr;
  std::vector<PreparedName> set;
  std::vector<PreparedName> json;
  const syntax::hcl::Expression* when = nullptr;
};

struct PreparedFix {
  findings::Safety safety = findings::Safety::kSafe;
  const syntax::hcl::Expression* title = nullptr;
  std::vector<PreparedName> set;
  std::vector<PreparedInsert> insert;
  std::vector<std::string_view> remove;
  std::vector<PreparedName> add;
  std::vector<PreparedName> take;
  std::vector<PreparedPolicyFix> policies;
  std::vector<PreparedCompanion> companions;
  std::vector<std::string_view> blocks;
  std::vector<PreparedDeclaration> declares;
  std::vector<PreparedLine> lines;
  const syntax::hcl::Expression* on = nullptr;
  std::span<const TextAt> leads_to;
};

/// What a check says when it fails. Null expressions: not given.
struct PreparedReport {
  const syntax::hcl::Expression* message = nullptr;
  const syntax::hcl::Expression* at = nullptr;
  const syntax::hcl::Expression* severity = nullptr;
  std::unique_ptr<PreparedFix> fix;
};

/// Null expressions: not given.
struct PreparedCheck {
  const CheckData* data = nullptr;
  LazyExpression given;
  LazyExpression each;
  LazyExpression require;  ///< or else unique
  LazyExpression unique;
};

struct PreparedParameter {
  std::string_view name;
  LazyExpression type;
  LazyExpression fallback;
  LazyExpression setting;  ///< what the user set, or null
};

/// The number of a let name that no other rule can have as well.
inline constexpr std::uint32_t kOwnLet = 0xffffffffU;

struct PreparedLet {
  std::string_view name;
  LazyExpression expression;
  std::optional<LetFacts> facts;  ///< once somebody asked for the name, see PreparedRules::let()
  std::uint32_t same = kOwnLet;   ///< then: equal numbers, in any rules, are worth the same
};

/// What a rule for blocks asks of one.
struct BlockNeeds {
  bool local = false;  ///< whether it has something to say hangs on nothing but what stands in the block
  BlockReads reads;    ///< what it then hangs on
  /// What the condition of each check begins with, as far as all that it reads is a header; empty when a check has
  /// none.
  std::vector<const syntax::hcl::Expression*> gates;
};

/// Of a name, which is not empty: what tells most names apart.
[[nodiscard]] constexpr std::uint32_t key_of(std::string_view name) {
  const auto letter = [](char c) { return static_cast<std::uint32_t>(static_cast<unsigned char>(c)); };
  return (static_cast<std::uint32_t>(name.size()) << 16U) | (letter(name.front()) << 8U) | letter(name.back());
}

struct PreparedRule {
  const Rule* rule = nullptr;
  std::size_t number = 0;  ///< counted as rules are prepared
  std::vector<PreparedParameter> parameters;
  std::vector<PreparedLet> let;
  std::vector<std::uint32_t> let_keys;  ///< key_of() their names: every reference to one looks for it
  std::vector<PreparedCheck> checks;
  std::optional<BlockNeeds> block_needs;  ///< once somebody asked, see PreparedRules::block_needs()
  /// By label, whether no gate lets blocks pass whose headers name it, as far as somebody asked them.
  std::unordered_map<std::string, bool, source::TextHash, std::equal_to<>> closed;

  [[nodiscard]] std::optional<bool> is_closed(std::string_view label) const {
    const auto known = closed.empty() ? closed.end() : closed.find(label);
    return known == closed.end() ? std::nullopt : std::optional(known->second);
  }
};

/// The rules that judge what one word names: a resource type, a kind of block.
struct Target {
  std::vector<const Rule*> rules;             ///< in order of id
  std::vector<const PreparedRule*> prepared;  ///< the same, as far as they are; see PreparedRules::prepare()
  /// What those of them that look at nothing else read of a block, once somebody asked; null when there are none.
  std::optional<std::optional<BlockReads>> local_reads;
};

/// Makes rules ready when they are first needed. One per thread of a run; borrowed things must outlive it.
class PreparedRules {
 public:
  PreparedRules(const RuleSet& rules, const Parameters& parameters, source::ArtifactStore& artifacts);
  PreparedRules(const PreparedRules&) = delete;
  PreparedRules& operator=(const PreparedRules&) = delete;

  /// Rules whose targets include the word or resource type, or null.
  [[nodiscard]] Target* target(std::string_view name);
  /// The rule with its expressions, which are parsed as they are evaluated.
  [[nodiscard]] const PreparedRule& prepare(const Rule& rule);
  /// A rule of a target.
  [[nodiscard]] const PreparedRule& prepare(Target& target, std::size_t index) {
    const PreparedRule*& known = target.prepared[index];
    return known != nullptr ? *known : *(known = &prepare(*target.rules[index]));
  }
  /// A let name of the rule with what its value hangs on.
  [[nodiscard]] const PreparedLet& let(const PreparedRule& rule, std::size_t index) {
    return rule.let[index].facts ? rule.let[index] : survey(rule, index);
  }
  [[nodiscard]] const BlockNeeds& block_needs(const PreparedRule& rule);
  /// What one of its checks says; parsed when somebody asks, for most checks have nothing to say.
  [[nodiscard]] const PreparedReport& report(const PreparedCheck& check);
  void set_closed(const PreparedRule& rule, std::string_view label, bool closed);
  /// What those of the rules for blocks of a kind read of one that look at nothing else; null when there are none.
  [[nodiscard]] const BlockReads* local_reads(Target& kind);
  /// Parameters of a rule as an object: the same for all that it judges.
  [[nodiscard]] const eval::Value& config(const PreparedRule& rule);
  /// Values of its let names that are the same in every configuration, as far as somebody asked for them.
  [[nodiscard]] std::vector<std::optional<eval::Value>>& constants(const PreparedRule& rule);
  /// How many of the rules that were prepared have the let name of that number.
  [[nodiscard]] std::uint32_t holders(std::uint32_t same) const { return holders_[same]; }
  /// One more than the highest number of a let name.
  [[nodiscard]] std::size_t numbers() const { return holders_.size(); }
  /// For values that last as long as the rules.
  [[nodiscard]] eval::Context& lasting() { return lasting_; }
  /// What these rules have asked about policies, in all configurations.
  [[nodiscard]] PolicyMemo& policies() { return policies_; }
  /// Tells secrets from other texts, in all configurations; null until a rule asks.
  [[nodiscard]] std::unique_ptr<const secrets::Detector>& detector() { return detector_; }
  /// What functions of texts gave these rules.
  [[nodiscard]] FunctionMemo& results() { return results_; }
  /// Judgements by these rules that had nothing to say.
  [[nodiscard]] QuietMemo& quiet() { return quiet_; }
  /// Regular expressions of these rules.
  [[nodiscard]] eval::PatternCache& patterns() { return patterns_; }

 private:
  friend class LazyExpression;

  [[nodiscard]] const PreparedLet& survey(const PreparedRule& rule, std::size_t index);
  /// The expression that a text stands for, of which several rules may have the same; null for an empty text.
  [[nodiscard]] const syntax::hcl::Expression* parse(std::string_view text);
  [[nodiscard]] const syntax::hcl::Expression* parse_template(std::string_view text);
  [[nodiscard]] std::vector<PreparedName> parse(std::span<const NamedText> texts);
  [[nodiscard]] std::unique_ptr<PreparedFix> parse(const FixData& data);
  /// The same of one that is part of an artifact, which is only made where nobody had the text before.
  template <class Find>
  [[nodiscard]] const syntax::hcl::Expression* parse(std::string_view text, const Find& artifact, std::uint32_t begin);
  [[nodiscard]] const source::Artifact& artifact_of(std::string_view text);
  [[nodiscard]] const source::Artifact& artifact_of(const RuleData& rule);

  const Parameters& settings_;
  source::ArtifactStore& artifacts_;
  source::Arena arena_;
  source::Limits limits_;
  eval::SymbolTable symbols_{arena_};
  source::Budget budget_{limits_};
  eval::Context lasting_{arena_, symbols_, budget_, limits_};
  std::unordered_map<const PreparedRule*, eval::Value> configs_;
  std::unordered_map<const PreparedRule*, std::vector<std::optional<eval::Value>>> constants_;
  std::unordered_map<std::string_view, Target, source::TextHash> by_target_;
  std::unordered_map<const Rule*, std::unique_ptr<PreparedRule>> prepared_;
  std::unordered_map<const CheckData*, PreparedReport> reports_;
  std::unordered_map<const RuleData*, const source::Artifact*> texts_;  ///< of conditions and let names
  std::unordered_map<std::string, std::uint32_t, source::TextHash, std::equal_to<>> same_;  ///< by what they say
  std::vector<std::uint32_t> holders_;
  std::unordered_map<std::string_view, const syntax::hcl::Expression*, source::TextHash> parsed_;  ///< by their texts
  PolicyMemo policies_;
  std::unique_ptr<const secrets::Detector> detector_;
  FunctionMemo results_;
  QuietMemo quiet_;
  eval::PatternCache patterns_;
};

}  // namespace gabion::engine
