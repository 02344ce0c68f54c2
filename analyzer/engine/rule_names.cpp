#include "engine/rule_names.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/functions.h"
#include "engine/rule_compiler.h"
#include "eval/evaluator.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;

/// What every rule knows; `item` and `witness` are null where there is none.
constexpr std::array<std::string_view, 4> kKnown{"self", "item", "config", "witness"};

class NameCheck {
 public:
  explicit NameCheck(const RuleData& rule) : rule_(rule), names_(kKnown.begin(), kKnown.end()) {
    std::ranges::transform(rule.let, std::back_inserter(names_), &NamedText::name);
    std::ranges::transform(rule.parameters, std::back_inserter(parameters_), &ParameterData::name);
  }

  void expression(const TextAt& text) { look(text, false); }
  void message(const TextAt& text) { look(text, true); }

  [[nodiscard]] std::vector<source::Error> errors() && { return std::move(errors_); }

 private:
  void look(const TextAt& text, bool is_template) {
    if (!text.given()) {
      return;
    }
    source::ArtifactStore store;
    const source::Artifact& artifact =
        store.add(std::string(rule_.path), std::string(text.text), source::Role::kInternal);
    source::Arena arena;
    const source::Limits limits;
    const hcl::ParsedExpression parsed = is_template ? hcl::parse_template(artifact, artifact.whole(), arena, limits)
                                                     : hcl::parse_expression(artifact, artifact.whole(), arena, limits);
    text_ = &text;
    artifact_ = &artifact;
    if (parsed.expression != nullptr) {
      walk(*parsed.expression);
    }
  }

  void walk(const hcl::Expression& expression) {
    const auto inside = [&](const hcl::Expression& child) { walk(child); };
    switch (expression.kind) {
      case hcl::ExpressionKind::kTraversal:
        reference(hcl::as<hcl::Traversal>(expression));
        return;
      case hcl::ExpressionKind::kFunctionCall:
        function(hcl::as<hcl::FunctionCall>(expression));
        break;
      case hcl::ExpressionKind::kTemplate:
        // The names of loops in templates are not told apart.
        if (std::ranges::any_of(hcl::as<hcl::TemplateExpression>(expression).parts(),
                                [](const hcl::TemplatePart& part) { return part.directive() != nullptr; })) {
          return;
        }
        break;
      case hcl::ExpressionKind::kFor: {
        const auto& loop = hcl::as<hcl::ForExpression>(expression);
        walk(*loop.collection);
        const std::size_t outside = names_.size();
        names_.push_back(loop.key_variable);
        names_.push_back(loop.value_variable);
        for (const hcl::Expression* part : {loop.key, loop.value, loop.condition}) {
          if (part != nullptr) {
            walk(*part);
          }
        }
        names_.resize(outside);
        return;
      }
      default:
        break;
    }
    hcl::for_each_child(expression, inside);
  }

  void reference(const hcl::Traversal& reference) {
    if (std::ranges::find(names_, reference.root) == names_.end()) {
      report(reference.root_region(), "rules know no \"" + std::string(reference.root) + "\"",
             nearest(reference.root, names_));
      return;
    }
    if (reference.root == "config" && !reference.steps.empty() &&
        reference.steps[0].kind != hcl::StepKind::kIndexNumber) {
      const std::string_view name = reference.steps[0].name;
      if (std::ranges::find(parameters_, name) == parameters_.end()) {
        report(reference.region, "the rule has no parameter \"" + std::string(name) + "\"", nearest(name, parameters_));
      }
    }
  }

  void function(const hcl::FunctionCall& call) {
    const std::span<const std::string_view> built_in = eval::function_names();
    const std::string_view name = call.name.starts_with("core::") ? call.name.substr(6) : call.name;
    if (std::ranges::binary_search(built_in, name) || find_rule_function(name) != nullptr) {
      return;
    }
    std::vector<std::string_view> all(built_in.begin(), built_in.end());
    for (const std::span<const RuleFunction> table : rule_function_tables()) {
      std::ranges::transform(table, std::back_inserter(all), &RuleFunction::name);
    }
    report(call.name_region, "there is no function \"" + std::string(name) + "\"", nearest(name, all));
  }

  void report(source::Region region, std::string message, std::string_view near) {
    const source::Position at = place_of(*text_, *artifact_, region);
    errors_.push_back({.message = std::move(message),
                       .path = std::string(rule_.path),
                       .line = at.line,
                       .column = at.column,
                       .hint = near.empty() ? "docs/writing-rules.md tells which names there are"
                                            : "nearest is \"" + std::string(near) + "\""});
  }

  const RuleData& rule_;
  std::vector<std::string_view> names_;  ///< that there are where the walk is
  std::vector<std::string_view> parameters_;
  const TextAt* text_ = nullptr;
  const source::Artifact* artifact_ = nullptr;
  std::vector<source::Error> errors_;
};

}  // namespace

std::vector<source::Error> undefined_names(const RuleData& rule) {
  NameCheck check(rule);
  for (const NamedText& let : rule.let) {
    check.expression(let.value);
  }
  for (const CheckData& one : rule.checks) {
    for (const TextAt* text : {&one.given, &one.each, &one.require, &one.unique, &one.at, &one.severity}) {
      check.expression(*text);
    }
    check.message(one.message);
  }
  return std::move(check).errors();
}

}  // namespace gabion::engine
