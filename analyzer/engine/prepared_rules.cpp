#include "engine/prepared_rules.h"

#include "syntax/hcl/parser.h"

namespace gabion::engine {

PreparedRules::PreparedRules(const RuleSet& rules, const Parameters& parameters, source::ArtifactStore& artifacts)
    : settings_(parameters), artifacts_(artifacts) {
  for (const Rule& rule : rules.rules()) {
    for (const std::string_view target : rule.data->targets) {
      by_target_[target].push_back(&rule);
    }
  }
  for (const std::span<const RuleFunction> table : rule_function_tables()) {
    for (const RuleFunction& function : table) {
      functions_.emplace(function.name, &function);
    }
  }
}

const RuleFunction* PreparedRules::function(std::string_view name) const {
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : found->second;
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
  const source::Artifact& artifact =
      artifacts_.add("rule:" + std::string(rule_id) + "#" + std::to_string(next_artifact_++), std::string(text.text),
                     source::Role::kInternal);
  return as_template ? syntax::hcl::parse_template(artifact, artifact.whole(), arena_, limits_).expression
                     : syntax::hcl::parse_expression(artifact, artifact.whole(), arena_, limits_).expression;
}

const PreparedRule& PreparedRules::prepare(const Rule& rule) {
  if (const auto known = prepared_.find(&rule); known != prepared_.end()) {
    return *known->second;
  }
  auto result = std::make_unique<PreparedRule>();
  result->rule = &rule;
  const RuleData& data = *rule.data;
  const auto names = [&](std::span<const NamedText> texts) {
    std::vector<PreparedName> parsed;
    for (const NamedText& text : texts) {
      parsed.push_back({text.name, parse(text.value, false, data.id)});
    }
    return parsed;
  };
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
  result->let = names(data.let);
  for (const CheckData& check : data.checks) {
    PreparedCheck prepared;
    prepared.given = parse(check.given, false, data.id);
    prepared.each = parse(check.each, false, data.id);
    prepared.require = parse(check.require, false, data.id);
    prepared.message = parse(check.message, true, data.id);
    prepared.at = parse(check.at, false, data.id);
    prepared.severity = parse(check.severity, false, data.id);
    if (check.fix != nullptr) {
      prepared.fix = std::make_unique<PreparedFix>();
      prepared.fix->safety = check.fix->safety;
      prepared.fix->title = parse(check.fix->title, true, data.id);
      prepared.fix->set = names(check.fix->set);
      for (const InsertData& insert : check.fix->insert) {
        prepared.fix->insert.push_back({insert.type, names(insert.set)});
      }
      for (const TextAt& path : check.fix->remove) {
        prepared.fix->remove.push_back(path.text);
      }
      prepared.fix->add = names(check.fix->add);
      prepared.fix->take = names(check.fix->take);
      for (const PolicyFixData& policy : check.fix->policies) {
        prepared.fix->policies.push_back({.data = &policy,
                                          .of = parse(policy.of, false, data.id),
                                          .where = parse(policy.where, false, data.id),
                                          .append = parse(policy.append, false, data.id),
                                          .keeps = parse(policy.keeps, false, data.id),
                                          .set = names(policy.set),
                                          .add = names(policy.add),
                                          .remove = names(policy.remove)});
      }
      for (const CompanionData& companion : check.fix->companions) {
        prepared.fix->companions.push_back({.data = &companion,
                                            .name = parse(companion.name, true, data.id),
                                            .set = names(companion.set),
                                            .json = names(companion.json)});
      }
    }
    result->checks.push_back(std::move(prepared));
  }
  return *prepared_.emplace(&rule, std::move(result)).first->second;
}

}  // namespace gabion::engine
