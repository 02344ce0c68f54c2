#include "engine/settings.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "aws/partition.h"
#include "engine/date.h"
#include "engine/rule_compiler.h"
#include "engine/settings_description.h"
#include "engine/yaml_check.h"
#include "eval/evaluator.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if ((c == '$' || c == '%') && i + 1 < text.size() && text[i + 1] == '{') {
      result += c;
      result += c;
    } else {
      result += c;
    }
  }
  return result + '"';
}

bool is_number(std::string_view text) {
  std::size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t digits = i;
  while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
    ++i;
  }
  if (i == digits) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    const std::size_t fraction = ++i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
      ++i;
    }
    if (i == fraction) {
      return false;
    }
  }
  return i == text.size();
}

/// YAML data as an HCL expression: the form in which all parameters are kept.
std::string expression_of(const YAML::Node& node, int depth) {
  constexpr int kMaxDepth = 32;
  if (depth > kMaxDepth) {
    return "null";
  }
  if (node.IsNull()) {
    return "null";
  }
  if (node.IsScalar()) {
    const std::string& text = node.Scalar();
    const bool plain = node.Tag() != "!";
    if (plain && (text == "true" || text == "false" || text == "null" || is_number(text))) {
      return text;
    }
    return quoted(text);
  }
  std::string result = node.IsSequence() ? "[" : "{";
  for (const auto& entry : node) {
    result += result.size() > 1 ? ", " : "";
    if (node.IsSequence()) {
      result += expression_of(entry, depth + 1);
    } else {
      result += quoted(entry.first.Scalar()) + " = " + expression_of(entry.second, depth + 1);
    }
  }
  return result + (node.IsSequence() ? "]" : "}");
}

/// Reads the file; the first error stops it.
class Reader {
 public:
  explicit Reader(std::string_view path) : path_(path) {}

  source::Expected<Settings> read(const YAML::Node& root) {
    Settings settings;
    settings.path = std::string(path_);
    settings.handling.path = settings.path;
    if (root.IsNull()) {
      return settings;
    }
    if (!root.IsMap()) {
      return error(root, "the configuration is a mapping of keys such as rules and parameters", "");
    }
    if (auto problem = check_settings(root, path_)) {
      return *problem;
    }
    for (const auto& entry : root) {
      const std::string& key = entry.first.Scalar();
      const YAML::Node& value = entry.second;
      if (key == "fail-on") {
        severity(value, settings.fail_on);
      } else if (key == "min-severity") {
        severity(value, settings.min_severity);
      } else if (key == "rules") {
        rules(value, settings);
      } else if (key == "exclude") {
        texts(value, settings.exclude);
      } else if (key == "var-files") {
        texts(value, settings.variable_files);
      } else if (key == "parameters") {
        parameters(value, settings.parameters);
      } else if (key == "environments") {
        environments(value, settings);
      } else if (key == "aws") {
        aws_account(value, settings.aws);
      } else if (key == "baseline") {
        text(value.IsNull() ? entry.first : value, value, "baseline is the path of a file", settings.baseline);
      } else if (key == "suppressions") {
        suppressions(value, settings);
      } else if (key == "suppression-policy") {
        suppression_policy(value, settings);
      } else if (key == "overrides") {
        overrides(value, settings);
      }
      if (error_) {
        return *error_;
      }
    }
    return settings;
  }

  source::Error error(const YAML::Node& node, std::string message, std::string hint) {
    const YAML::Mark mark = node.Mark();
    source::Error result{.message = std::move(message),
                         .path = std::string(path_),
                         .line = mark.is_null() ? 1U : static_cast<std::uint32_t>(mark.line + 1),
                         .column = mark.is_null() ? 1U : static_cast<std::uint32_t>(mark.column + 1),
                         .hint = std::move(hint)};
    if (!error_) {
      error_ = result;
    }
    return result;
  }

 private:
  void severity(const YAML::Node& node, std::optional<findings::Severity>& result) {
    if (node.IsScalar()) {
      result = findings::severity_from_name(node.Scalar());
    }
    if (!result) {
      error(node, "not a severity", "use low, medium, high or critical");
    }
  }

  void texts(const YAML::Node& node, std::vector<std::string>& result) {
    if (node.IsScalar()) {
      result.push_back(node.Scalar());
      return;
    }
    if (!node.IsSequence()) {
      error(node, "expected a list of texts", "for example [\"a\", \"b\"]");
      return;
    }
    for (const YAML::Node& item : node) {
      if (!item.IsScalar()) {
        error(item, "expected text here", "");
        return;
      }
      result.push_back(item.Scalar());
    }
  }

  void rules(const YAML::Node& node, Settings& settings) {
    if (!node.IsMap()) {
      error(node, "rules is a mapping with only, skip, severity and load", "");
      return;
    }
    for (const auto& entry : node) {
      const std::string& key = entry.first.Scalar();
      if (key == "only") {
        texts(entry.second, settings.only);
      } else if (key == "skip") {
        texts(entry.second, settings.skip);
      } else if (key == "load") {
        texts(entry.second, settings.rule_paths);
      } else if (key == "observe") {
        observations(entry.second, settings.handling.observe, settings);
      } else if (key == "severity") {
        if (!entry.second.IsMap()) {
          error(entry.second, "severity is a mapping of rule ids to severities", "");
          return;
        }
        for (const auto& one : entry.second) {
          std::optional<findings::Severity> level;
          severity(one.second, level);
          if (level) {
            settings.severities.emplace(one.first.Scalar(), *level);
            const YAML::Mark mark = one.first.Mark();
            settings.severity_places.emplace(
                one.first.Scalar(),
                std::pair(static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)));
          }
        }
      }
    }
  }

  void parameters(const YAML::Node& node, Parameters& result) {
    if (!node.IsMap()) {
      error(node, "parameters is a mapping of names to values", "");
      return;
    }
    for (const auto& entry : node) {
      const YAML::Mark mark = entry.first.Mark();
      const bool fresh =
          result
              .emplace(entry.first.Scalar(), ParameterSetting{.expression = expression_of(entry.second, 0),
                                                              .path = std::string(path_),
                                                              .line = static_cast<std::uint32_t>(mark.line + 1),
                                                              .column = static_cast<std::uint32_t>(mark.column + 1)})
              .second;
      if (!fresh) {
        error(entry.first, "the parameter \"" + entry.first.Scalar() + "\" is set twice", "keep one of them");
      }
    }
  }

  static SettingPlace place_of(const YAML::Node& node) {
    const YAML::Mark mark = node.Mark();
    return mark.is_null()
               ? SettingPlace{}
               : SettingPlace{static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
  }

  void paths(const YAML::Node& node, std::vector<EnvironmentSetting::File>& result) {
    if (node.IsScalar()) {
      result.push_back({node.Scalar(), place_of(node)});
      return;
    }
    if (!node.IsSequence()) {
      error(node, "expected a list of paths", "for example [envs/prod.tfvars]");
      return;
    }
    for (const YAML::Node& item : node) {
      if (!item.IsScalar()) {
        error(item, "expected a path here", "");
        return;
      }
      result.push_back({item.Scalar(), place_of(item)});
    }
  }

  void variables(const YAML::Node& node, EnvironmentSetting& environment) {
    if (!node.IsMap()) {
      error(node, "vars is a mapping of names of variables to values", "");
      return;
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      if (!seen.insert(entry.first.Scalar()).second) {
        error(entry.first, "the variable \"" + entry.first.Scalar() + "\" is set twice", "keep one of them");
        return;
      }
      // The mark of an empty value is that of the next token.
      environment.variables.push_back({entry.first.Scalar(), expression_of(entry.second, 0),
                                       place_of(entry.second.IsNull() ? entry.first : entry.second)});
    }
  }

  void environment(const YAML::Node& node, EnvironmentSetting& result) {
    if (node.IsNull()) {
      return;
    }
    if (!node.IsMap()) {
      error(node, "an environment is a mapping with var-files, vars, workspace and roots", "");
      return;
    }
    for (const auto& entry : node) {
      std::string key = entry.first.Scalar();
      std::replace(key.begin(), key.end(), '_', '-');
      if (key == "var-files") {
        paths(entry.second, result.variable_files);
      } else if (key == "vars") {
        variables(entry.second, result);
      } else if (key == "roots") {
        paths(entry.second, result.roots);
      } else if (key == "workspace") {
        if (!entry.second.IsScalar() || entry.second.Scalar().empty()) {
          error(entry.second.IsNull() ? entry.first : entry.second, "workspace is the name of one", "");
        } else {
          result.workspace = entry.second.Scalar();
        }
      }
      if (error_) {
        return;
      }
    }
  }

  void environments(const YAML::Node& node, Settings& settings) {
    if (!node.IsMap()) {
      error(node, "environments is a mapping of names to var-files, vars, workspace and roots", "");
      return;
    }
    for (const auto& entry : node) {
      EnvironmentSetting result;
      result.name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
      result.place = place_of(entry.first);
      if (result.name.empty()) {
        error(entry.first, "an environment needs a name", "for example prod");
        return;
      }
      if (std::any_of(settings.environments.begin(), settings.environments.end(),
                      [&](const EnvironmentSetting& other) { return other.name == result.name; })) {
        error(entry.first, "the environment \"" + result.name + "\" occurs twice", "keep one of them");
        return;
      }
      environment(entry.second, result);
      if (error_) {
        return;
      }
      settings.environments.push_back(std::move(result));
    }
  }

  void aws_account(const YAML::Node& node, AwsSetting& result) {
    if (!node.IsMap()) {
      error(node, "aws is a mapping with partition, region and account_id", "");
      return;
    }
    for (const auto& entry : node) {
      const std::string& key = entry.first.Scalar();
      if (!entry.second.IsScalar()) {
        error(entry.second.IsNull() ? entry.first : entry.second, key + " is a text", "");
      } else {
        aws_text(entry.second, key, result);
      }
      if (error_) {
        return;
      }
    }
  }

  void aws_text(const YAML::Node& node, const std::string& key, AwsSetting& result) {
    const std::string& text = node.Scalar();
    if (key == "partition") {
      result.partition = text;
      if (aws::find_partition(text) == nullptr) {
        error(node, "there is no partition \"" + text + "\"", "for example aws, aws-cn or aws-us-gov");
      }
    } else if (key == "region") {
      result.region = text;
      if (text.empty() || text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
        error(node, "\"" + text + "\" is no region", "for example eu-west-1");
      }
    } else {
      result.account_id = text;
      if (text.size() != 12 || text.find_first_not_of("0123456789") != std::string::npos) {
        error(node, "\"" + text + "\" is no account id", "account ids have twelve digits");
      }
    }
  }

  /// Texts that name rules.
  void rule_names(const YAML::Node& node, std::vector<std::string>& result, Settings& settings) {
    const std::size_t before = result.size();
    texts(node, result);
    for (std::size_t i = before; i < result.size(); ++i) {
      settings.rule_names.emplace_back(result[i], place_of(node.IsSequence() ? node[i - before] : node));
    }
  }

  /// Calls `read` with the key, the place for errors and the value of every member.
  template <class Read>
  void members(const YAML::Node& node, std::string_view what, Read read) {
    if (!node.IsMap()) {
      error(node, std::string(what), "");
      return;
    }
    for (const auto& entry : node) {
      read(entry.first.Scalar(), entry.second.IsNull() ? entry.first : entry.second, entry.second);
      if (error_) {
        return;
      }
    }
  }

  void text(const YAML::Node& place, const YAML::Node& node, std::string_view what, std::string& result) {
    if (!node.IsScalar() || node.Scalar().empty()) {
      error(place, std::string(what), "");
      return;
    }
    result = node.Scalar();
  }

  void date(const YAML::Node& place, const YAML::Node& node, std::string& result) {
    text(place, node, "expected a day", result);
    if (!error_ && !is_date(result)) {
      error(place, "\"" + result + "\" is no day", "write it as YYYY-MM-DD");
    }
  }

  void suppressions(const YAML::Node& node, Settings& settings) {
    if (node.IsNull()) {
      return;  // the last entry was taken out
    }
    if (!node.IsSequence()) {
      error(node, "suppressions is a list of entries with rules, paths, resources, reason, owner and until", "");
      return;
    }
    for (const YAML::Node& item : node) {
      Suppression entry;
      entry.configured = true;
      entry.line = place_of(item).line;
      members(item, "a suppression is a mapping with rules, paths, resources, reason, owner and until",
              [&](const std::string& key, const YAML::Node& place, const YAML::Node& value) {
                if (key == "rules") {
                  rule_names(value, entry.rules, settings);
                } else if (key == "paths") {
                  texts(value, entry.paths);
                } else if (key == "resources") {
                  texts(value, entry.instances);
                } else if (key == "until") {
                  date(place, value, entry.until);
                } else {
                  text(place, value, key + " is a text", key == "reason" ? entry.reason : entry.owner);
                }
              });
      if (!error_ && entry.rules.empty()) {
        error(item, "a suppression names the rules that it is about", "add rules: [...]; \"*\" is all");
      }
      if (error_) {
        return;
      }
      settings.handling.suppressions.push_back(std::move(entry));
    }
  }

  void suppression_policy(const YAML::Node& node, Settings& settings) {
    SuppressionPolicy& policy = settings.handling.policy;
    members(node, "suppression-policy is a mapping with require, never and comments",
            [&](const std::string& key, const YAML::Node&, const YAML::Node& value) {
              if (key == "never") {
                rule_names(value, policy.never, settings);
              } else if (key == "require") {
                std::vector<std::string> words;
                texts(value, words);
                for (const std::string& word : words) {
                  policy.require_reason = policy.require_reason || word == "reason";
                  policy.require_owner = policy.require_owner || word == "owner";
                  policy.require_until = policy.require_until || word == "until";
                }
              } else {
                comment_styles(value, policy);
              }
            });
  }

  void comment_styles(const YAML::Node& node, SuppressionPolicy& policy) {
    const std::span<const std::string_view> all = other_comment_styles();
    std::vector<std::string> wanted;
    texts(node, wanted);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (std::find(wanted.begin(), wanted.end(), all[i]) == wanted.end()) {
        policy.ignored_styles.insert(static_cast<CommentStyle>(i + 1));
      }
    }
  }

  /// A list of ids, globs, and mappings with rules and enforce-from.
  void observations(const YAML::Node& node, std::vector<ObservationSetting>& result, Settings& settings) {
    if (!node.IsSequence()) {
      error(node, "observe is a list of rules, or of entries with rules and enforce-from", "");
      return;
    }
    for (const YAML::Node& item : node) {
      std::vector<std::string> rules;
      std::string day;
      if (item.IsScalar()) {
        rule_names(item, rules, settings);
      } else {
        members(item, "an entry of observe is a rule, or a mapping with rules and enforce-from",
                [&](const std::string& key, const YAML::Node& place, const YAML::Node& value) {
                  if (key == "rules") {
                    rule_names(value, rules, settings);
                  } else {
                    date(place, value, day);
                  }
                });
        if (!error_ && rules.empty()) {
          error(item, "an entry of observe names rules", "add rules: [...]");
        }
      }
      if (error_) {
        return;
      }
      for (const std::string& rule : rules) {
        result.push_back({rule, day});
      }
    }
  }

  void overrides(const YAML::Node& node, Settings& settings) {
    if (!node.IsSequence()) {
      error(node, "overrides is a list of entries with paths, skip, severity, observe and parameters", "");
      return;
    }
    for (const YAML::Node& item : node) {
      OverrideSetting entry;
      members(item, "an override is a mapping with paths, skip, severity, observe and parameters",
              [&](const std::string& key, const YAML::Node&, const YAML::Node& value) {
                if (key == "paths") {
                  texts(value, entry.paths);
                } else if (key == "skip") {
                  rule_names(value, entry.skip, settings);
                } else if (key == "observe") {
                  observations(value, entry.observe, settings);
                } else if (key == "parameters") {
                  parameters(value, entry.parameters);
                } else if (!value.IsMap()) {
                  error(value, "severity is a mapping of rules to severities", "");
                } else {
                  for (const auto& one : value) {
                    std::optional<findings::Severity> level;
                    severity(one.second, level);
                    if (level) {
                      entry.severities.emplace_back(one.first.Scalar(), *level);
                      settings.rule_names.emplace_back(one.first.Scalar(), place_of(one.first));
                    }
                  }
                }
              });
      if (!error_ && entry.paths.empty()) {
        error(item, "an override says for which paths it is", "add paths: [...], in the syntax of .gitignore");
      }
      if (error_) {
        return;
      }
      settings.handling.overrides.push_back(std::move(entry));
    }
  }

  std::string_view path_;
  std::optional<source::Error> error_;
};

/// The error for a name that no rule has.
source::Error no_such_rule(std::string_view id, const std::string& path, SettingPlace place, const RuleSet& rules) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : rules.rules()) {
    ids.push_back(rule.data->id);
  }
  const std::string_view close = nearest(id, ids);
  return {.message = "no rule has the id \"" + std::string(id) + "\"",
          .path = path,
          .line = place.line,
          .column = place.column,
          .hint = close.empty() ? "gabion rules lists them" : "did you mean \"" + std::string(close) + "\"?"};
}

}  // namespace

source::Expected<Settings> parse_settings(std::string_view path, std::string_view text) {
  if (auto problem = check_yaml(path, text)) {
    return std::move(*problem);
  }
  Reader reader(path);
  // yaml-cpp throws on what it cannot read; nothing of that leaves this function.
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    const auto second = documents.size() > 1 ? std::next(documents.begin()) : documents.end();
    if (const auto more = std::find_if(second, documents.end(), [](const YAML::Node& one) { return !one.IsNull(); });
        more != documents.end()) {
      return source::Error{.message = "a configuration is one document",
                           .path = std::string(path),
                           .line = static_cast<std::uint32_t>(more->Mark().line + 1),
                           .column = static_cast<std::uint32_t>(more->Mark().column + 1),
                           .hint = "remove the line \"---\" before it"};
    }
    return reader.read(documents.empty() ? YAML::Node() : documents.front());
  } catch (const YAML::Exception& problem) {
    return source::Error{.message = "not YAML: " + problem.msg,
                         .path = std::string(path),
                         .line = static_cast<std::uint32_t>(problem.mark.line + 1),
                         .column = static_cast<std::uint32_t>(problem.mark.column + 1),
                         .hint = "check indentation and quotes"};
  }
}

std::string find_settings(const source::FileSystem& files, const std::string& directory) {
  const auto start = files.canonical(directory);
  if (!start) {
    return {};
  }
  std::string at = *start;
  if (const auto status = files.status(at); status && status->kind != source::EntryKind::kDirectory) {
    at = source::directory_of(at);
  }
  while (true) {
    const std::string candidate = source::join_path(at, kSettingsFileName);
    if (const auto status = files.status(candidate); status && status->kind == source::EntryKind::kFile) {
      return candidate;
    }
    const std::string parent = source::directory_of(at);
    if (parent == at || at == "/" || at == ".") {
      return {};
    }
    at = parent;
  }
}

namespace {

/// Whether rules declare these parameters, and values of their types.
source::Expected<source::Unit> check_parameters(const Parameters& parameters, const RuleSet& rules) {
  std::vector<std::string_view> names;
  for (const Rule& rule : rules.rules()) {
    for (const ParameterData& parameter : rule.data->parameters) {
      names.push_back(parameter.name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const auto& [name, setting] : parameters) {
    if (!std::binary_search(names.begin(), names.end(), std::string_view(name))) {
      const std::string_view close = nearest(name, names);
      return source::Error{.message = "no rule has a parameter \"" + name + "\"",
                           .path = setting.path,
                           .line = setting.line,
                           .column = setting.column,
                           .hint = close.empty() ? "gabion rules --parameters lists them"
                                                 : "did you mean \"" + std::string(close) + "\"?"};
    }
    // The value must convert to the type that every rule with this parameter declares.
    for (const Rule& rule : rules.rules()) {
      for (const ParameterData& parameter : rule.data->parameters) {
        if (parameter.name != name) {
          continue;
        }
        source::Arena arena;
        eval::SymbolTable symbols(arena);
        const source::Limits limits;
        source::Budget budget(limits);
        eval::Context context{arena, symbols, budget, limits, nullptr, 0};
        source::ArtifactStore store;
        const source::Artifact& value = store.add("value", setting.expression, source::Role::kInternal);
        const source::Artifact& type = store.add("type", std::string(parameter.type.text), source::Role::kInternal);
        const auto expression = syntax::hcl::parse_expression(value, value.whole(), arena, limits);
        const auto constraint = syntax::hcl::parse_expression(type, type.whole(), arena, limits);
        const eval::LocalScope scope({}, nullptr);
        const eval::Value converted = eval::convert(eval::evaluate(*expression.expression, scope, context),
                                                    *eval::parse_type(*constraint.expression, context).type, context);
        if (converted.is_error()) {
          return source::Error{.message = "the parameter \"" + name + "\" is no " + std::string(parameter.type.text) +
                                          ": " + std::string(converted.error().message),
                               .path = setting.path,
                               .line = setting.line,
                               .column = setting.column,
                               .hint = std::string(parameter.description)};
        }
      }
    }
  }
  return source::Unit{};
}

}  // namespace

source::Expected<source::Unit> apply_settings(const Settings& settings, RuleSet& rules) {
  if (auto checked = check_parameters(settings.parameters, rules); !checked) {
    return checked;
  }
  for (const OverrideSetting& setting : settings.handling.overrides) {
    if (auto checked = check_parameters(setting.parameters, rules); !checked) {
      return checked;
    }
  }
  for (const auto& [id, severity] : settings.severities) {
    if (!rules.set_severity(id, severity)) {
      const auto place = settings.severity_places.find(id);
      return no_such_rule(id, settings.path,
                          place == settings.severity_places.end()
                              ? SettingPlace{}
                              : SettingPlace{place->second.first, place->second.second},
                          rules);
    }
  }
  for (const auto& [pattern, place] : settings.rule_names) {
    if (!rules.knows(pattern)) {
      return no_such_rule(pattern, settings.path, place, rules);
    }
  }
  return source::Unit{};
}

}  // namespace gabion::engine
