#include "engine/prepared_rules.h"

#include <algorithm>
#include <map>

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
  explicit Survey(const PreparedRule& rule) : rule_(rule) {}

  LetFacts facts;
  std::vector<std::size_t> names;            ///< let names in it
  std::vector<std::string_view> parameters;  ///< parameters in it; an empty name stands for all of them

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
      if (one) {
        facts.reads.add(reference.steps[0].name);
      } else {
        facts.reads.everything = true;
      }
    }
    if (name == "config") {
      parameters.push_back(one ? reference.steps[0].name : std::string_view());
    }
    facts.item = facts.item || name == "item";
    facts.evidence = facts.evidence || name == "witness";
    const std::uint32_t key = name.empty() ? 0 : key_of(name);
    for (std::size_t i = 0; i < rule_.let.size(); ++i) {
      if (rule_.let_keys[i] == key && rule_.let[i].name == name) {
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

  const PreparedRule& rule_;
};

/// The let names of which nothing is known yet, with what is found out about them.
using Surveys = std::map<std::size_t, Survey>;

/// What a let name hangs on, and those that it is made of: the names in each of them included.
Surveys surveyed(const PreparedRule& rule, std::size_t index) {
  Surveys surveys;
  std::vector<std::size_t> waiting = {index};
  while (!waiting.empty()) {
    const std::size_t next = waiting.back();
    waiting.pop_back();
    const auto [place, is_new] = surveys.try_emplace(next, rule);
    if (!is_new) {
      continue;
    }
    Survey& survey = place->second;
    survey.look(&*rule.let[next].expression);
    for (const std::size_t name : survey.names) {
      if (rule.let[name].facts) {
        survey.facts.add(*rule.let[name].facts);
      } else {
        waiting.push_back(name);
      }
    }
  }
  for (std::size_t round = 1; round < surveys.size(); ++round) {
    for (auto& [ignored, survey] : surveys) {
      for (const std::size_t name : survey.names) {
        if (const auto other = surveys.find(name); other != surveys.end()) {
          survey.facts.add(other->second.facts);
        }
      }
    }
  }
  return surveys;
}

/// Numbers let names of a rule: equal numbers, in any rules, are worth the same. That is so where their expressions,
/// the numbers of the names in these and the parameters are the same.
class LetNumbers {
 public:
  using Known = std::unordered_map<std::string, std::uint32_t, source::TextHash, std::equal_to<>>;

  LetNumbers(const PreparedRule& rule, const Surveys& surveys, Known& known, std::vector<std::uint32_t>& holders)
      : let_(rule.let), data_(*rule.rule->data), surveys_(surveys), known_(known), holders_(holders) {}

  /// kOwnLet for a name that says something else for each element that is judged, leaves evidence behind, or is defined
  /// by itself.
  std::uint32_t of(std::size_t index) {
    if (let_[index].facts) {
      return let_[index].same;
    }
    const auto [place, is_new] = numbers_.try_emplace(index, kOwnLet);  // to who asks for it meanwhile
    if (is_new) {
      place->second = number(index);
    }
    return place->second;
  }

 private:
  std::uint32_t number(std::size_t index) {
    const Survey& survey = surveys_.at(index);
    if (survey.facts.item || survey.facts.evidence) {
      return kOwnLet;
    }
    std::string meaning(data_.let[index].value.text);
    const auto add = [&](std::string_view part) {
      meaning += '\0';
      meaning += part;
    };
    for (const std::size_t name : survey.names) {
      const std::uint32_t named = of(name);
      if (named == kOwnLet) {
        return kOwnLet;
      }
      add(let_[name].name);
      add(std::to_string(named));
    }
    for (const std::string_view name : survey.parameters) {
      const auto parameter = std::ranges::find(data_.parameters, name, &ParameterData::name);
      if (parameter == data_.parameters.end()) {
        return kOwnLet;
      }
      add(name);
      add(parameter->type.text);
      add(parameter->fallback.text);
    }
    auto known = known_.find(meaning);
    if (known == known_.end()) {
      holders_.push_back(0);
      known = known_.emplace(std::move(meaning), static_cast<std::uint32_t>(holders_.size() - 1)).first;
    }
    ++holders_[known->second];
    return known->second;
  }

  const std::vector<PreparedLet>& let_;
  const RuleData& data_;
  const Surveys& surveys_;
  Known& known_;
  std::vector<std::uint32_t>& holders_;
  std::map<std::size_t, std::uint32_t> numbers_;
};

/// The facts of what was looked at, with those of the names in it.
LetFacts with_names(const Survey& survey, const PreparedRule& rule, PreparedRules& rules) {
  LetFacts all = survey.facts;
  for (const std::size_t name : survey.names) {
    all.add(*rules.let(rule, name).facts);
  }
  return all;
}

/// Says whether judging hangs on the judged block alone, and on what in it.
void find_locality(const PreparedRule& rule, PreparedRules& rules, BlockNeeds& needs) {
  Survey survey(rule);
  for (const PreparedCheck& check : rule.checks) {
    if (check.unique != nullptr) {
      return;
    }
    for (const LazyExpression* expression : {&check.given, &check.each, &check.require}) {
      survey.look(*expression == nullptr ? nullptr : &**expression);
    }
  }
  const LetFacts facts = with_names(survey, rule, rules);
  needs.local = !facts.configuration && !facts.evidence;
  needs.reads = facts.reads;
}

/// Whether nothing of what is judged counts in an expression but what a header names.
bool reads_header_alone(const Expression& expression, const PreparedRule& rule, PreparedRules& rules) {
  Survey survey(rule);
  survey.look(&expression);
  const LetFacts facts = with_names(survey, rule, rules);
  return facts.reads.label && !facts.reads.everything && facts.reads.names.empty() && !facts.configuration &&
         !facts.item && !facts.evidence;
}

/// The conditions with which an expression begins, as far as they read a header alone; null when there are none.
const Expression* gate_of(const Expression& given, const PreparedRule& rule, PreparedRules& rules) {
  constexpr int kMostConditions = 20;
  const Expression* at = &given;
  for (int i = 0; i < kMostConditions; ++i) {
    if (reads_header_alone(*at, rule, rules)) {
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

/// Calls `visit` with the expressions of a rule that judging takes: what a check says is another matter.
template <class Visit>
void for_each_expression(const RuleData& rule, const Visit& visit) {
  for (const ParameterData& parameter : rule.parameters) {
    visit(parameter.type);
    visit(parameter.fallback);
  }
  for (const NamedText& let : rule.let) {
    visit(let.value);
  }
  for (const CheckData& check : rule.checks) {
    for (const TextAt* text : {&check.given, &check.each, &check.require, &check.unique}) {
      visit(*text);
    }
  }
}

/// The texts of all of them, one after the other, each with a new line: one artifact takes less than some ten.
std::string texts_of(const RuleData& rule) {
  std::string texts;
  for_each_expression(rule, [&](const TextAt& text) {
    texts += text.text;
    texts += '\n';
  });
  return texts;
}

}  // namespace

const Expression& LazyExpression::parse() const {
  parsed_ = data_ == nullptr
                ? rules_->parse(text_)
                : rules_->parse(
                      text_, [&]() -> const source::Artifact& { return rules_->artifact_of(*data_); }, begin_);
  return *parsed_;
}

PreparedRules::PreparedRules(const RuleSet& rules, const Parameters& parameters, source::ArtifactStore& artifacts)
    : settings_(parameters), artifacts_(artifacts) {
  lasting_.patterns = &patterns_;
  lasting_.for_rules = true;
  for (const Rule& rule : rules.rules()) {
    for (const std::string_view target : rule.data->targets) {
      Target& judged = by_target_[target];
      judged.rules.push_back(&rule);
      judged.prepared.push_back(nullptr);
    }
  }
}

void PreparedRules::set_closed(const PreparedRule& rule, std::string_view label, bool closed) {
  prepared_.at(rule.rule)->closed.emplace(label, closed);
}

const BlockReads* PreparedRules::local_reads(Target& kind) {
  if (!kind.local_reads) {
    std::optional<BlockReads>& reads = kind.local_reads.emplace();
    for (std::size_t i = 0; i < kind.rules.size(); ++i) {
      if (const BlockNeeds& needs = block_needs(prepare(kind, i)); needs.local) {
        reads = reads.value_or(BlockReads{});
        reads->add(needs.reads);
      }
    }
  }
  return *kind.local_reads ? &**kind.local_reads : nullptr;
}

Target* PreparedRules::target(std::string_view name) {
  const auto found = by_target_.find(name);
  return found == by_target_.end() ? nullptr : &found->second;
}

template <class Find>
const Expression* PreparedRules::parse(std::string_view text, const Find& artifact, std::uint32_t begin) {
  const Expression*& known = parsed_[text];
  if (known == nullptr) {
    const source::Artifact& found = artifact();
    const source::Region region{found.id(), begin, begin + static_cast<std::uint32_t>(text.size())};
    known = syntax::hcl::parse_expression(found, region, arena_, limits_).expression;
  }
  return known;
}

const Expression* PreparedRules::parse(std::string_view text) {
  const auto own = [&]() -> const source::Artifact& { return artifact_of(text); };
  return text.empty() ? nullptr : parse(text, own, 0);
}

const Expression* PreparedRules::parse_template(std::string_view text) {
  if (text.empty()) {
    return nullptr;
  }
  const source::Artifact& artifact = artifact_of(text);
  return syntax::hcl::parse_template(artifact, artifact.whole(), arena_, limits_).expression;
}

const source::Artifact& PreparedRules::artifact_of(std::string_view text) {
  // The rule compiler has parsed these texts before; only users' parameter settings can still be wrong, and they were
  // checked when the configuration was read.
  // Named by what it says, so that several threads which prepare the same rule have the same artifact.
  constexpr std::size_t kLongestName = 100;
  const std::string name = "rule:" + std::string(text);
  return artifacts_.add_beside(eval::shorten(name, kLongestName), std::string(text), source::Role::kInternal);
}

const source::Artifact& PreparedRules::artifact_of(const RuleData& rule) {
  const source::Artifact*& known = texts_[&rule];
  if (known == nullptr) {
    known = &artifact_of(texts_of(rule));
  }
  return *known;
}

const eval::Value& PreparedRules::config(const PreparedRule& rule) {
  if (const auto known = configs_.find(&rule); known != configs_.end()) {
    return known->second;
  }
  const eval::LocalScope empty({}, nullptr);
  std::vector<eval::Member> members;
  for (const PreparedParameter& parameter : rule.parameters) {
    const syntax::hcl::Expression& expression = parameter.setting == nullptr ? *parameter.fallback : *parameter.setting;
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

std::vector<PreparedName> PreparedRules::parse(std::span<const NamedText> texts) {
  std::vector<PreparedName> parsed;
  for (const NamedText& text : texts) {
    parsed.push_back({text.name, parse(text.value.text)});
  }
  return parsed;
}

std::unique_ptr<PreparedFix> PreparedRules::parse(const FixData& data) {
  auto fix = std::make_unique<PreparedFix>();
  fix->safety = data.safety;
  fix->title = parse_template(data.title.text);
  fix->on = parse(data.on.text);
  fix->leads_to = data.leads_to;
  fix->set = parse(data.set);
  for (const InsertData& insert : data.insert) {
    fix->insert.push_back({insert.type, parse(insert.set)});
  }
  for (const TextAt& path : data.remove) {
    fix->remove.push_back(path.text);
  }
  fix->add = parse(data.add);
  fix->take = parse(data.take);
  for (const PolicyFixData& policy : data.policies) {
    fix->policies.push_back({.data = &policy,
                             .of = parse(policy.of.text),
                             .where = parse(policy.where.text),
                             .append = parse(policy.append.text),
                             .keeps = parse(policy.keeps.text),
                             .set = parse(policy.set),
                             .add = parse(policy.add),
                             .remove = parse(policy.remove),
                             .split = parse(policy.split.text),
                             .replace = parse(policy.replace),
                             .version = parse(policy.version.text)});
  }
  for (const CompanionData& companion : data.companions) {
    fix->companions.push_back({.data = &companion,
                               .name = parse_template(companion.name.text),
                               .set = parse(companion.set),
                               .json = parse(companion.json),
                               .when = parse(companion.when.text)});
  }
  for (const TextAt& path : data.blocks) {
    fix->blocks.push_back(path.text);
  }
  for (const DeclareData& declare : data.declares) {
    fix->declares.push_back(
        {.block = declare.block, .name = parse_template(declare.name.text), .set = parse(declare.set)});
  }
  for (const LineData& line : data.lines) {
    fix->lines.push_back({.file = parse_template(line.file.text), .text = parse_template(line.text.text)});
  }
  return fix;
}

const PreparedReport& PreparedRules::report(const PreparedCheck& check) {
  if (const auto known = reports_.find(check.data); known != reports_.end()) {
    return known->second;
  }
  // Put down when it is whole, as everything here: memory may run out for a root module, and the next one goes on.
  const CheckData& data = *check.data;
  PreparedReport report;
  report.message = parse_template(data.message.text);
  report.at = parse(data.at.text);
  report.severity = parse(data.severity.text);
  report.fix = data.fix == nullptr ? nullptr : parse(*data.fix);
  return reports_.emplace(check.data, std::move(report)).first->second;
}

const PreparedRule& PreparedRules::prepare(const Rule& rule) {
  if (const auto known = prepared_.find(&rule); known != prepared_.end()) {
    return *known->second;
  }
  auto result = std::make_unique<PreparedRule>();
  result->rule = &rule;
  result->number = prepared_.size();
  const RuleData& data = *rule.data;
  std::uint32_t begin = 0;
  const auto later = [&](const TextAt& text) {
    const std::uint32_t at = begin;
    begin += static_cast<std::uint32_t>(text.text.size()) + 1;
    return LazyExpression(*this, data, text.text, at);
  };
  // In the order of for_each_expression().
  for (const ParameterData& parameter : data.parameters) {
    const auto set = settings_.find(parameter.name);
    const std::string_view setting = set == settings_.end() ? std::string_view() : set->second.expression;
    result->parameters.push_back({.name = parameter.name,
                                  .type = later(parameter.type),
                                  .fallback = later(parameter.fallback),
                                  .setting = LazyExpression(*this, setting)});
  }
  for (const NamedText& let : data.let) {
    result->let.push_back({.name = let.name, .expression = later(let.value), .facts = {}});
    result->let_keys.push_back(key_of(let.name));
  }
  for (const CheckData& check : data.checks) {
    result->checks.push_back({.data = &check,
                              .given = later(check.given),
                              .each = later(check.each),
                              .require = later(check.require),
                              .unique = later(check.unique)});
  }
  return *prepared_.emplace(&rule, std::move(result)).first->second;
}

const PreparedLet& PreparedRules::survey(const PreparedRule& rule, std::size_t index) {
  std::vector<PreparedLet>& let = prepared_.at(rule.rule)->let;
  Surveys surveys = surveyed(rule, index);
  LetNumbers numbers(rule, surveys, same_, holders_);
  for (const auto& [name, ignored] : surveys) {
    let[name].same = numbers.of(name);
  }
  for (auto& [name, survey] : surveys) {
    let[name].facts = std::move(survey.facts);
  }
  return let[index];
}

const BlockNeeds& PreparedRules::block_needs(const PreparedRule& rule) {
  std::optional<BlockNeeds>& known = prepared_.at(rule.rule)->block_needs;
  if (known) {
    return *known;
  }
  BlockNeeds needs;
  find_locality(rule, *this, needs);
  for (const PreparedCheck& check : rule.checks) {
    // That a check lacks a parameter is said also where it applies to nothing.
    const bool may_close = check.each == nullptr && check.given != nullptr && needed_parameters(*check.given).empty();
    const Expression* gate = may_close ? gate_of(*check.given, rule, *this) : nullptr;
    if (gate == nullptr) {
      needs.gates.clear();
      break;
    }
    needs.gates.push_back(gate);
  }
  return known.emplace(std::move(needs));
}

}  // namespace gabion::engine
