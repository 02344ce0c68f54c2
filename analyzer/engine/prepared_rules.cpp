#include "engine/prepared_rules.h"

#include <algorithm>

#include "engine/needed_parameters.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {
namespace {

using syntax::hcl::as;
using syntax::hcl::Expression;
using syntax::hcl::ExpressionKind;

/// Finds out what an expression of a rule hangs on: itself and by the let names in it.
class Survey {
 public:
  explicit Survey(const std::vector<PreparedName>& let) : let_(let) {}

  LetFacts facts;
  std::vector<std::size_t> names;            ///< let names in it
  std::vector<std::string_view> parameters;  ///< parameters in it; an empty name stands for all of them

  /// The facts with those of the names, once these are known.
  [[nodiscard]] LetFacts with_names(const std::vector<LetFacts>& of_names) const {
    LetFacts all = facts;
    for (const std::size_t name : names) {
      all.add(of_names[name]);
    }
    return all;
  }

  void look(const Expression* expression, int depth = 0) {
    constexpr int kMaxDepth = 200;
    if (expression == nullptr) {
      return;
    }
    if (depth > kMaxDepth) {
      facts = {.subject = true, .configuration = true, .item = true, .evidence = true, .reads = {.everything = true}};
      return;
    }
    if (expression->kind == ExpressionKind::kTraversal) {
      reference(as<syntax::hcl::Traversal>(*expression));
    } else if (expression->kind == ExpressionKind::kFunctionCall) {
      const auto& call = as<syntax::hcl::FunctionCall>(*expression);
      if (is_label_of_subject(call)) {
        facts.subject = true;
        facts.reads.label = true;
        return;
      }
      function(call.name);
    } else if (expression->kind == ExpressionKind::kSplat) {
      look(as<syntax::hcl::SplatExpression>(*expression).each, depth + 1);
    }
    syntax::hcl::for_each_child(*expression, [&](const Expression& inner) { look(&inner, depth + 1); });
  }

 private:
  /// What a header names is told apart from what stands in a block.
  static bool is_label_of_subject(const syntax::hcl::FunctionCall& call) {
    if (call.name != "label" || call.arguments.size() != 1 || call.arguments[0]->kind != ExpressionKind::kTraversal) {
      return false;
    }
    const auto& argument = as<syntax::hcl::Traversal>(*call.arguments[0]);
    return argument.root == "self" && argument.steps.empty();
  }

  void reference(const syntax::hcl::Traversal& reference) {
    const std::string_view name = reference.root;
    const bool one = !reference.steps.empty() && reference.steps[0].kind == syntax::hcl::StepKind::kAttribute;
    if (name == "self") {
      facts.subject = true;
      facts.reads.add(one ? BlockReads{.names = {reference.steps[0].name}} : BlockReads{.everything = true});
    }
    if (name == "config") {
      parameters.push_back(one ? reference.steps[0].name : std::string_view());
    }
    facts.item = facts.item || name == "item";
    facts.evidence = facts.evidence || name == "witness";
    for (std::size_t i = 0; i < let_.size(); ++i) {
      if (let_[i].name == name) {
        names.push_back(i);
      }
    }
  }

  void function(std::string_view name) {
    const RuleFunction* function = find_rule_function(name);
    if (function == nullptr) {
      return;
    }
    facts.subject = facts.subject || function->hangs_on == HangsOn::kSubject;
    facts.reads.everything = facts.reads.everything || function->hangs_on == HangsOn::kSubject;
    facts.configuration =
        facts.configuration || function->hangs_on == HangsOn::kSubject || function->hangs_on == HangsOn::kConfiguration;
    // Those that ask about requests leave evidence behind.
    facts.evidence = facts.evidence || name.starts_with("iam_") || name.starts_with("principal_");
  }

  const std::vector<PreparedName>& let_;
};

/// What each let name hangs on, the names in it included.
std::vector<Survey> surveyed(const std::vector<PreparedName>& let) {
  std::vector<Survey> surveys;
  for (const PreparedName& name : let) {
    surveys.emplace_back(let).look(name.expression);
  }
  // Names hang on what the names in them hang on.
  for (std::size_t round = 0; round < let.size(); ++round) {
    for (Survey& survey : surveys) {
      for (const std::size_t name : survey.names) {
        survey.facts.add(surveys[name].facts);
      }
    }
  }
  return surveys;
}

/// Numbers the let names of a rule: equal numbers, in any rules, are worth the same. That is so where their
/// expressions, the numbers of the names in these and the parameters are the same.
class LetNumbers {
 public:
  using Known = std::unordered_map<std::string, std::uint32_t, source::TextHash, std::equal_to<>>;

  LetNumbers(const RuleData& rule, const std::vector<Survey>& surveys, Known& known,
             std::vector<std::uint32_t>& holders)
      : rule_(rule), surveys_(surveys), known_(known), holders_(holders), numbers_(surveys.size()) {}

  [[nodiscard]] std::vector<std::uint32_t> all() {
    std::vector<std::uint32_t> result;
    for (std::size_t index = 0; index < surveys_.size(); ++index) {
      result.push_back(of(index));
    }
    return result;
  }

 private:
  /// kOwnLet for a name that says something else for each element that is judged, leaves evidence behind, or is defined
  /// by itself.
  std::uint32_t of(std::size_t index) {
    if (!numbers_[index]) {
      numbers_[index] = kOwnLet;  // to who asks for it meanwhile
      numbers_[index] = number(index);
    }
    return *numbers_[index];
  }

  std::uint32_t number(std::size_t index) {
    const Survey& survey = surveys_[index];
    if (survey.facts.item || survey.facts.evidence) {
      return kOwnLet;
    }
    std::string meaning(rule_.let[index].value.text);
    const auto add = [&](std::string_view part) {
      meaning += '\0';
      meaning += part;
    };
    for (const std::size_t name : survey.names) {
      const std::uint32_t named = of(name);
      if (named == kOwnLet) {
        return kOwnLet;
      }
      add(rule_.let[name].name);
      add(std::to_string(named));
    }
    for (const std::string_view name : survey.parameters) {
      const auto parameter = std::ranges::find(rule_.parameters, name, &ParameterData::name);
      if (parameter == rule_.parameters.end()) {
        return kOwnLet;
      }
      add(name);
      add(parameter->type.text);
      add(parameter->fallback.text);
    }
    const auto [place, is_new] = known_.try_emplace(std::move(meaning), static_cast<std::uint32_t>(holders_.size()));
    if (is_new) {
      holders_.push_back(0);
    }
    ++holders_[place->second];
    return place->second;
  }

  const RuleData& rule_;
  const std::vector<Survey>& surveys_;
  Known& known_;
  std::vector<std::uint32_t>& holders_;
  std::vector<std::optional<std::uint32_t>> numbers_;
};

/// Says whether judging hangs on the judged block alone, and on what in it.
void find_locality(PreparedRule& rule) {
  Survey survey(rule.let);
  for (const PreparedCheck& check : rule.checks) {
    if (check.unique != nullptr) {
      return;
    }
    survey.look(check.given);
    survey.look(check.each);
    survey.look(check.require);
  }
  const LetFacts facts = survey.with_names(rule.let_facts);
  rule.local = !facts.configuration && !facts.evidence;
  rule.reads = facts.reads;
}

/// Whether nothing of what is judged counts in an expression but what a header names.
bool reads_header_alone(const Expression& expression, const PreparedRule& rule) {
  Survey survey(rule.let);
  survey.look(&expression);
  const LetFacts facts = survey.with_names(rule.let_facts);
  return facts.reads.label && !facts.reads.everything && facts.reads.names.empty() && !facts.configuration &&
         !facts.item && !facts.evidence;
}

/// The conditions with which an expression begins, as far as they read a header alone; null when there are none.
const Expression* gate_of(const Expression& given, const PreparedRule& rule) {
  constexpr int kMostConditions = 20;
  const Expression* at = &given;
  for (int i = 0; i < kMostConditions; ++i) {
    if (reads_header_alone(*at, rule)) {
      return at;
    }
    if (at->kind == ExpressionKind::kParentheses) {
      at = as<syntax::hcl::ParenthesesExpression>(*at).inner;
    } else if (at->kind == ExpressionKind::kBinary &&
               as<syntax::hcl::BinaryExpression>(*at).op == syntax::hcl::BinaryOperator::kAnd) {
      at = as<syntax::hcl::BinaryExpression>(*at).left;
    } else {
      break;
    }
  }
  return nullptr;
}

}  // namespace

PreparedRules::PreparedRules(const RuleSet& rules, const Parameters& parameters, source::ArtifactStore& artifacts)
    : settings_(parameters), artifacts_(artifacts) {
  lasting_.patterns = &patterns_;
  lasting_.for_rules = true;
  for (const Rule& rule : rules.rules()) {
    for (const std::string_view target : rule.data->targets) {
      by_target_[target].push_back(&rule);
    }
  }
}

std::optional<bool> PreparedRules::closed(const Rule& rule, std::string_view label) {
  const PreparedRule& prepared = prepare(rule);
  const auto known = prepared.closed.find(label);
  return known == prepared.closed.end() ? std::nullopt : std::optional(known->second);
}

void PreparedRules::set_closed(const Rule& rule, std::string_view label, bool closed) {
  prepared_.at(&rule)->closed.emplace(label, closed);
}

const BlockReads* PreparedRules::local_reads(std::string_view kind) {
  const auto target = by_target_.find(kind);
  if (target == by_target_.end()) {
    return nullptr;
  }
  const auto [place, is_new] = local_reads_.try_emplace(target->first);  // whose text lasts
  std::optional<BlockReads>& known = place->second;
  if (is_new) {
    for (const Rule* rule : target->second) {
      if (const PreparedRule& prepared = prepare(*rule); prepared.local) {
        known = known.value_or(BlockReads{});
        known->add(prepared.reads);
      }
    }
  }
  return known ? &*known : nullptr;
}

std::span<const Rule* const> PreparedRules::rules_for(std::string_view target) const {
  const auto found = by_target_.find(target);
  return found == by_target_.end() ? std::span<const Rule* const>{} : std::span<const Rule* const>(found->second);
}

const syntax::hcl::Expression* PreparedRules::parse(const TextAt& text, bool as_template, std::string_view rule_id) {
  if (!text.given()) {
    return nullptr;
  }
  // The rule compiler has parsed these texts before; only users' parameter settings can still be wrong, and they were
  // checked when the configuration was read.
  // Named by what it says, so that several threads which prepare the same rule have the same artifact.
  constexpr std::size_t kLongestName = 100;
  const std::string name = "rule:" + std::string(rule_id) + "#" + std::string(text.text);
  const source::Artifact& artifact =
      artifacts_.add_beside(eval::shorten(name, kLongestName), std::string(text.text), source::Role::kInternal);
  return as_template ? syntax::hcl::parse_template(artifact, artifact.whole(), arena_, limits_).expression
                     : syntax::hcl::parse_expression(artifact, artifact.whole(), arena_, limits_).expression;
}

const eval::Value& PreparedRules::config(const PreparedRule& rule) {
  if (const auto known = configs_.find(&rule); known != configs_.end()) {
    return known->second;
  }
  const eval::LocalScope empty({}, nullptr);
  std::vector<eval::Member> members;
  for (const PreparedParameter& parameter : rule.parameters) {
    const syntax::hcl::Expression& expression = parameter.setting != nullptr ? *parameter.setting : *parameter.fallback;
    const eval::ParsedType type = eval::parse_type(*parameter.type, lasting_);
    const eval::Value value = eval::convert(eval::evaluate(expression, empty, lasting_), *type.type, lasting_);
    members.push_back({parameter.name, value, {}});
  }
  return configs_.emplace(&rule, eval::make_object(arena_, members)).first->second;
}

std::vector<std::optional<eval::Value>>& PreparedRules::constants(const PreparedRule& rule) {
  std::vector<std::optional<eval::Value>>& values = constants_[&rule];
  values.resize(rule.let.size());
  return values;
}

std::vector<PreparedName> PreparedRules::parse(std::span<const NamedText> texts, std::string_view rule_id) {
  std::vector<PreparedName> parsed;
  for (const NamedText& text : texts) {
    parsed.push_back({text.name, parse(text.value, false, rule_id)});
  }
  return parsed;
}

std::unique_ptr<PreparedFix> PreparedRules::parse(const FixData& data, std::string_view rule_id) {
  auto fix = std::make_unique<PreparedFix>();
  fix->safety = data.safety;
  fix->title = parse(data.title, true, rule_id);
  fix->on = parse(data.on, false, rule_id);
  fix->set = parse(data.set, rule_id);
  for (const InsertData& insert : data.insert) {
    fix->insert.push_back({insert.type, parse(insert.set, rule_id)});
  }
  for (const TextAt& path : data.remove) {
    fix->remove.push_back(path.text);
  }
  fix->add = parse(data.add, rule_id);
  fix->take = parse(data.take, rule_id);
  for (const PolicyFixData& policy : data.policies) {
    fix->policies.push_back({.data = &policy,
                             .of = parse(policy.of, false, rule_id),
                             .where = parse(policy.where, false, rule_id),
                             .append = parse(policy.append, false, rule_id),
                             .keeps = parse(policy.keeps, false, rule_id),
                             .set = parse(policy.set, rule_id),
                             .add = parse(policy.add, rule_id),
                             .remove = parse(policy.remove, rule_id),
                             .split = parse(policy.split, false, rule_id),
                             .replace = parse(policy.replace, rule_id),
                             .version = parse(policy.version, false, rule_id)});
  }
  for (const CompanionData& companion : data.companions) {
    fix->companions.push_back({.data = &companion,
                               .name = parse(companion.name, true, rule_id),
                               .set = parse(companion.set, rule_id),
                               .json = parse(companion.json, rule_id),
                               .when = parse(companion.when, false, rule_id)});
  }
  for (const TextAt& path : data.blocks) {
    fix->blocks.push_back(path.text);
  }
  for (const DeclareData& declare : data.declares) {
    fix->declares.push_back(
        {.block = declare.block, .name = parse(declare.name, true, rule_id), .set = parse(declare.set, rule_id)});
  }
  for (const LineData& line : data.lines) {
    fix->lines.push_back({.file = parse(line.file, true, rule_id), .text = parse(line.text, true, rule_id)});
  }
  return fix;
}

const PreparedReport& PreparedRules::report(const PreparedRule& rule, const PreparedCheck& check) {
  const auto [place, is_new] = reports_.try_emplace(check.data);
  PreparedReport& report = place->second;
  if (is_new) {
    const CheckData& data = *check.data;
    const std::string_view id = rule.rule->data->id;
    report.message = parse(data.message, true, id);
    report.at = parse(data.at, false, id);
    report.severity = parse(data.severity, false, id);
    report.fix = data.fix == nullptr ? nullptr : parse(*data.fix, id);
  }
  return report;
}

const PreparedRule& PreparedRules::prepare(const Rule& rule) {
  if (const auto known = prepared_.find(&rule); known != prepared_.end()) {
    return *known->second;
  }
  auto result = std::make_unique<PreparedRule>();
  result->rule = &rule;
  const RuleData& data = *rule.data;
  for (const ParameterData& parameter : data.parameters) {
    PreparedParameter prepared{.name = parameter.name,
                               .type = parse(parameter.type, false, data.id),
                               .fallback = parse(parameter.fallback, false, data.id),
                               .setting = nullptr};
    if (const auto set = settings_.find(parameter.name); set != settings_.end()) {
      prepared.setting = parse({set->second.expression, set->second.line, set->second.column}, false, data.id);
    }
    result->parameters.push_back(prepared);
  }
  result->let = parse(data.let, data.id);
  const std::vector<Survey> surveys = surveyed(result->let);
  for (const Survey& survey : surveys) {
    result->let_facts.push_back(survey.facts);
  }
  result->let_same = LetNumbers(data, surveys, same_, holders_).all();
  for (const CheckData& check : data.checks) {
    result->checks.push_back({.data = &check,
                              .given = parse(check.given, false, data.id),
                              .gate = nullptr,
                              .each = parse(check.each, false, data.id),
                              .require = parse(check.require, false, data.id),
                              .unique = parse(check.unique, false, data.id)});
  }
  find_locality(*result);
  for (PreparedCheck& check : result->checks) {
    // That a check lacks a parameter is said also where it applies to nothing.
    if (check.each == nullptr && check.given != nullptr && needed_parameters(*check.given).empty()) {
      check.gate = gate_of(*check.given, *result);
    }
  }
  result->gated = std::ranges::all_of(result->checks, [](const PreparedCheck& check) { return check.gate != nullptr; });
  return *prepared_.emplace(&rule, std::move(result)).first->second;
}

}  // namespace gabion::engine
