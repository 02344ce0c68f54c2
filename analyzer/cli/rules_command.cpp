#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "engine/builtin_rules.h"
#include "engine/examples.h"
#include "engine/handling.h"
#include "engine/rule_compiler.h"

namespace gabion::cli {
namespace {

/// The built-in rules and those given with --rules; errors are printed.
bool load_rules(const Options& options, Environment& environment, engine::RuleSet& rules) {
  bool good = true;
  const auto report = [&](const source::Error& error) {
    print_error(error, environment.err);
    good = false;
  };
  for (const auto table : {engine::builtin_rules(), engine::suppression_rules()}) {
    if (const auto added = rules.add(table); !added) {
      report(added.error());
    }
  }
  for (const std::string& path : options.input.rule_paths) {
    for (const source::Error& error : rules.load(environment.files, path)) {
      report(error);
    }
  }
  std::ranges::for_each(rules.misnamed(), report);
  rules.sort();
  return good;
}

const char* fixable(const engine::RuleData& rule) {
  return std::any_of(rule.checks.begin(), rule.checks.end(), [](const auto& check) { return check.fix != nullptr; })
             ? "yes"
             : "no";
}

/// Breaks prose into lines of at most 88 columns.
void print_prose(std::string_view text, std::string_view indent, std::ostream& out) {
  constexpr std::size_t kWidth = 88;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t start = text.find_first_not_of(" \n");
    if (start == std::string_view::npos) {
      break;
    }
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    if (column == 0 || column + 1 + word.size() > kWidth) {
      out << (column == 0 ? "" : "\n") << indent << word;
      column = indent.size() + word.size();
    } else {
      out << ' ' << word;
      column += 1 + word.size();
    }
  }
  out << '\n';
}

void print_code(std::string_view text, std::ostream& out) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out << "    " << text.substr(0, end) << '\n';
    if (end == std::string_view::npos) {
      break;
    }
    text.remove_prefix(end + 1);
  }
}

nlohmann::ordered_json to_json(const engine::Rule& rule) {
  const engine::RuleData& data = *rule.data;
  nlohmann::ordered_json json;
  json["id"] = data.id;
  json["title"] = data.title;
  json["severity"] = findings::name(rule.severity);
  json["targets"] = data.targets;
  json["aliases"] = rule.description.aliases;
  nlohmann::ordered_json controls = nlohmann::ordered_json::object();
  for (const engine::NamedList& framework : data.controls) {
    controls[std::string(framework.name)] = framework.items;
  }
  json["controls"] = controls;
  nlohmann::ordered_json parameters = nlohmann::ordered_json::array();
  for (const engine::ParameterData& parameter : data.parameters) {
    parameters.push_back({{"name", parameter.name},
                          {"type", parameter.type.text},
                          {"default", parameter.fallback.text},
                          {"description", parameter.description}});
  }
  json["parameters"] = parameters;
  json["fixable"] = std::string_view(fixable(data)) == "yes";
  json["why"] = data.why;
  json["references"] = data.references;
  json["file"] = data.path;
  return json;
}

}  // namespace

int run_rules(const Options& options, Environment& environment) {
  engine::RuleSet rules;
  if (!load_rules(options, environment, rules)) {
    write_failure_document(options, {}, environment.out);
    return kUsage;
  }
  if (options.rules.format == "json") {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const engine::Rule& rule : rules.rules()) {
      list.push_back(to_json(rule));
    }
    environment.out << list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
    return kClean;
  }
  if (options.rules.parameters) {
    std::set<std::string_view> seen;
    for (const engine::Rule& rule : rules.rules()) {
      for (const engine::ParameterData& parameter : rule.data->parameters) {
        if (seen.insert(parameter.name).second) {
          environment.out << parameter.name << ": " << parameter.type.text << " = " << parameter.fallback.text << '\n';
          print_prose(parameter.description, "    ", environment.out);
        }
      }
    }
    return kClean;
  }
  std::size_t width = 0;
  for (const engine::Rule& rule : rules.rules()) {
    width = std::max(width, rule.data->id.size());
  }
  for (const engine::Rule& rule : rules.rules()) {
    const std::string_view severity = findings::name(rule.severity);
    environment.out << rule.data->id << std::string(width + 2 - rule.data->id.size(), ' ') << severity
                    << std::string(10 - severity.size(), ' ') << (fixable(*rule.data)[0] == 'y' ? "fix  " : "     ")
                    << rule.data->title << '\n';
  }
  environment.out << rules.rules().size() << " rules; gabion explain RULE tells more about one\n";
  return kClean;
}

int run_explain(const Options& options, Environment& environment) {
  engine::RuleSet rules;
  if (!load_rules(options, environment, rules)) {
    return kUsage;
  }
  const engine::Rule* rule = rules.find(options.rules.rule);
  if (rule == nullptr) {
    std::vector<std::string_view> ids;
    for (const engine::Rule& candidate : rules.rules()) {
      ids.push_back(candidate.data->id);
    }
    const std::string_view close = engine::nearest(options.rules.rule, ids);
    print_error({.message = "no rule \"" + options.rules.rule + "\"",
                 .path = {},
                 .hint = close.empty() ? "gabion rules lists them" : "did you mean \"" + std::string(close) + "\"?"},
                environment.err);
    return kUsage;
  }
  const engine::RuleData& data = *rule->data;
  std::ostream& out = environment.out;
  out << data.id << " (" << findings::name(rule->severity) << ")\n" << data.title << "\n\n";
  print_prose(data.why, "", out);
  const auto list = [&](std::string_view title, std::span<const std::string_view> items) {
    if (!items.empty()) {
      out << '\n' << title << '\n';
      for (const std::string_view item : items) {
        out << "  " << item << '\n';
      }
    }
  };
  list("Looks at", data.targets);
  if (!data.parameters.empty()) {
    out << "\nParameters (parameters: in .gabion.yaml)\n";
    for (const engine::ParameterData& parameter : data.parameters) {
      out << "  " << parameter.name << ": " << parameter.type.text << " = " << parameter.fallback.text << '\n';
      print_prose(parameter.description, "      ", out);
    }
  }
  for (const engine::ExampleData& example : data.examples) {
    switch (example.kind) {
      case engine::ExampleKind::kBad:
        out << "\nBad";
        break;
      case engine::ExampleKind::kGood:
        out << "\nGood";
        break;
      case engine::ExampleKind::kUnknown:
        out << "\nNot decided (--show-unresolved says so)";
        break;
    }
    out << (example.title.empty() ? "" : ": ") << example.title << "\n\n";
    print_code(example.text.text, out);
    if (example.fixed.given()) {
      out << "\n  gabion fix makes of it\n\n";
      print_code(example.fixed.text, out);
    }
  }
  list("References", data.references);
  if (!rule->description.aliases.empty()) {
    out << "\nTested by others as\n";
    for (const engine::NamedList& peer : data.aliases) {
      out << "  " << peer.name << ':';
      for (const std::string_view id : peer.items) {
        out << ' ' << id;
      }
      out << '\n';
    }
  }
  if (!data.controls.empty()) {
    out << "\nControls\n";
    for (const engine::NamedList& framework : data.controls) {
      out << "  " << framework.name << ':';
      for (const std::string_view id : framework.items) {
        out << ' ' << id;
      }
      out << '\n';
    }
  }
  return kClean;
}

int run_test(const Options& options, Environment& environment) {
  engine::RuleSet rules;
  bool good = true;
  if (options.rules.files.empty()) {
    static_cast<void>(rules.add(engine::builtin_rules()));
  }
  for (const std::string& path : options.rules.files) {
    for (const source::Error& error : rules.load(environment.files, path)) {
      print_error(error, environment.err);
      good = false;
    }
  }
  for (const source::Error& error : rules.misnamed(engine::builtin_rules())) {
    print_error(error, environment.err);
    good = false;
  }
  if (!good) {
    return kUsage;
  }
  rules.sort();
  std::uint32_t examples = 0;
  std::uint32_t failures = 0;
  for (const engine::Rule& rule : rules.rules()) {
    const engine::ExampleReport report = engine::run_examples(*rule.data);
    examples += report.examples;
    failures += static_cast<std::uint32_t>(report.failures.size());
    for (const engine::ExampleFailure& failure : report.failures) {
      environment.out << failure.path << ':' << failure.line << ": " << failure.rule << ": " << failure.message << '\n';
    }
  }
  environment.out << rules.rules().size() << " rules, " << examples << " examples, " << failures << " failed\n";
  return failures == 0 ? kClean : kFindings;
}

}  // namespace gabion::cli
