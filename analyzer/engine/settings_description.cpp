#include "engine/settings_description.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "engine/date.h"
#include "engine/rule_compiler.h"
#include "engine/suppression.h"
#include "findings/finding.h"

namespace gabion::engine {
namespace {

using Form = SettingForm;
using nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kRequirements = {"reason", "owner", "until"};
constexpr std::array<std::string_view, 6> kScanners = {"checkov", "tfsec", "trivy", "kics", "tflint", "terrascan"};

constexpr SettingDescription kSeverityByRule[] = {{"", Form::kSeverity, "severity of the rule with this id"}};
constexpr SettingDescription kAnyValue[] = {{"", Form::kAny, "the value"}};

constexpr SettingDescription kObserve[] = {
    {.name = "rules", .form = Form::kTexts, .description = "ids or globs of rules", .required = true},
    {.name = "enforce-from",
     .form = Form::kDate,
     .description = "first day on which findings fail a run; without it they are only reported"},
};

constexpr SettingDescription kRules[] = {
    {"only", Form::kTexts, "run only these rules: ids, globs, or ids of other scanners' rules"},
    {"skip", Form::kTexts, "do not run these rules"},
    {"severity", Form::kNamed, "severities that differ from the rules' own", kSeverityByRule},
    {"load", Form::kTexts, "further rule files, or directories of them, relative to this file"},
    {.name = "observe",
     .form = Form::kList,
     .description = "rules whose findings are reported and fail nothing yet",
     .members = kObserve,
     .or_text = true},
};

constexpr SettingDescription kEnvironment[] = {
    {"var-files", Form::kTexts, "files of variable values, relative to this file"},
    {"vars", Form::kNamed, "values of root variables", kAnyValue},
    {"workspace", Form::kText, "value of terraform.workspace"},
    {"roots", Form::kTexts, "directories; the environment is for root modules at or below them"},
};
constexpr SettingDescription kNamedEnvironment[] = {
    {.name = "",
     .form = Form::kMapping,
     .description = "a set of values under which root modules are evaluated",
     .members = kEnvironment,
     .or_nothing = true}};

constexpr SettingDescription kAws[] = {
    {"partition", Form::kText, "partition of providers whose region is not known"},
    {"region", Form::kText, "region of providers that configure none"},
    {"account_id", Form::kText, "account of providers that do not tell it themselves; twelve digits, quoted"},
};

constexpr SettingDescription kSuppressions[] = {
    {.name = "rules", .form = Form::kTexts, .description = "ids or globs of rules; \"*\" is all", .required = true},
    {"paths", Form::kTexts, "files and directories, in the syntax of .gitignore; without it all"},
    {"resources", Form::kTexts, "addresses of instances, or ends of them, with globs; without it all"},
    {"reason", Form::kText, "why"},
    {"owner", Form::kText, "who answers for it"},
    {"until", Form::kDate, "last day on which it counts"},
};

constexpr SettingDescription kPolicy[] = {
    {"require", Form::kWords, "what every suppression must have in order to count", {}, kRequirements},
    {"never", Form::kTexts, "ids or globs of rules that cannot be suppressed"},
    {"comments", Form::kWords, "other scanners whose comments count (default: all); [] for none", {}, kScanners},
};

constexpr SettingDescription kOverrides[] = {
    {.name = "paths",
     .form = Form::kTexts,
     .description = "files and directories, in the syntax of .gitignore",
     .required = true},
    {"skip", Form::kTexts, "ids or globs of rules whose findings are dropped there"},
    {"severity", Form::kNamed, "severities there", kSeverityByRule},
    {.name = "observe",
     .form = Form::kList,
     .description = "rules whose findings fail nothing there yet",
     .members = kObserve,
     .or_text = true},
    {"parameters", Form::kNamed, "parameters of rules for the root modules there", kAnyValue},
};

constexpr SettingDescription kFile[] = {
    {"fail-on", Form::kSeverity, "lowest severity that fails a run (default: low)"},
    {"min-severity", Form::kSeverity, "lowest severity to report"},
    {"rules", Form::kMapping, "which rules run, and how", kRules},
    {"parameters", Form::kNamed, "what rules need to know about the organisation: docs/parameters.md", kAnyValue},
    {"exclude", Form::kTexts, "paths not to read, in the syntax of .gitignore"},
    {"var-files", Form::kTexts, "files of variable values for all root modules, relative to this file"},
    {"environments", Form::kNamed, "sets of values; root modules are evaluated once for each", kNamedEnvironment},
    {"aws", Form::kMapping, "the account that configurations are for, where they leave it open", kAws},
    {.name = "suppressions",
     .form = Form::kList,
     .description = "exceptions that are not written as comments, such as those for JSON files",
     .members = kSuppressions,
     .or_nothing = true},
    {"suppression-policy", Form::kMapping, "which suppressions count", kPolicy},
    {.name = "overrides",
     .form = Form::kList,
     .description = "what is different in some directories; later entries win",
     .members = kOverrides},
    {"baseline", Form::kText, "file of known findings that gabion baseline wrote, relative to this file"},
};

class Checker {
 public:
  explicit Checker(std::string_view path) : path_(path) {}

  /// Shapes (a list where a mapping is wanted) are left to the reader, which knows what to say about each.
  void check(const YAML::Node& node, const SettingDescription& description, int depth) {
    constexpr int kMaxDepth = 8;
    if (error_ || depth > kMaxDepth) {
      return;
    }
    switch (description.form) {
      case Form::kSeverity:
        if (node.IsScalar() && !findings::severity_from_name(node.Scalar())) {
          fail(node, "\"" + node.Scalar() + "\" is not a severity", "use low, medium, high or critical");
        }
        break;
      case Form::kDate:
        if (node.IsScalar() && !is_date(node.Scalar())) {
          fail(node, "\"" + node.Scalar() + "\" is no day", "write it as YYYY-MM-DD");
        }
        break;
      case Form::kWords:
        for (const YAML::Node& word : items(node)) {
          one_of(word, description.words);
        }
        break;
      case Form::kMapping:
        mapping(node, description.members, depth);
        break;
      case Form::kList:
        for (const YAML::Node& item : items(node)) {
          mapping(item, description.members, depth);
        }
        break;
      case Form::kNamed:
        if (node.IsMap()) {
          for (const auto& entry : node) {
            check(entry.second, description.members.front(), depth + 1);
          }
        }
        break;
      case Form::kAny:
      case Form::kText:
      case Form::kTexts:
        break;
    }
  }

  void mapping(const YAML::Node& node, std::span<const SettingDescription> members, int depth) {
    if (!node.IsMap()) {
      return;
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const std::string& key = entry.first.Scalar();
      std::string dashed = key;
      std::replace(dashed.begin(), dashed.end(), '_', '-');
      const auto known = std::find_if(members.begin(), members.end(), [&](const SettingDescription& member) {
        return member.name == key || member.name == dashed;
      });
      if (known == members.end()) {
        unknown(entry.first, key, members);
      } else if (!seen.insert(std::string(known->name)).second) {
        // yaml-cpp keeps both; which one counts would be an accident.
        fail(entry.first, "the key \"" + key + "\" occurs twice", "keep one of them");
      } else {
        check(entry.second, *known, depth + 1);
      }
      if (error_) {
        return;
      }
    }
    for (const SettingDescription& member : members) {
      if (member.required && !seen.contains(std::string(member.name))) {
        fail(node, "the key \"" + std::string(member.name) + "\" is missing here", std::string(member.description));
      }
    }
  }

  [[nodiscard]] std::optional<source::Error> error() { return std::move(error_); }

 private:
  static std::vector<YAML::Node> items(const YAML::Node& node) {
    if (node.IsScalar()) {
      return {node};
    }
    std::vector<YAML::Node> result;
    if (node.IsSequence()) {
      for (const YAML::Node& item : node) {
        result.push_back(item);
      }
    }
    return result;
  }

  void one_of(const YAML::Node& node, std::span<const std::string_view> words) {
    if (node.IsScalar() && std::find(words.begin(), words.end(), node.Scalar()) == words.end()) {
      const std::string_view close = nearest(node.Scalar(), words);
      std::string all;
      for (const std::string_view word : words) {
        all += (all.empty() ? "" : ", ") + std::string(word);
      }
      fail(node, "\"" + node.Scalar() + "\" is none of " + all,
           close.empty() ? "" : "did you mean \"" + std::string(close) + "\"?");
    }
  }

  void unknown(const YAML::Node& node, const std::string& key, std::span<const SettingDescription> members) {
    std::vector<std::string_view> names;
    std::string all;
    for (const SettingDescription& member : members) {
      names.push_back(member.name);
      all += (all.empty() ? "" : ", ") + std::string(member.name);
    }
    const std::string_view close = nearest(key, names);
    fail(node, "unknown key \"" + key + "\"",
         close.empty() ? "known keys are " + all : "did you mean \"" + std::string(close) + "\"?");
  }

  void fail(const YAML::Node& node, std::string message, std::string hint) {
    const YAML::Mark mark = node.Mark();
    if (!error_) {
      error_ = source::Error{.message = std::move(message),
                             .path = std::string(path_),
                             .line = mark.is_null() ? 1U : static_cast<std::uint32_t>(mark.line + 1),
                             .column = mark.is_null() ? 1U : static_cast<std::uint32_t>(mark.column + 1),
                             .hint = std::move(hint)};
    }
  }

  std::string_view path_;
  std::optional<source::Error> error_;
};

ordered_json schema_of(const SettingDescription& description, int depth);

ordered_json object_of(std::span<const SettingDescription> members, int depth) {
  ordered_json properties = ordered_json::object();
  ordered_json required = ordered_json::array();
  for (const SettingDescription& member : members) {
    properties[std::string(member.name)] = schema_of(member, depth + 1);
    if (member.required) {
      required.push_back(std::string(member.name));
    }
  }
  ordered_json result = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
  if (!required.empty()) {
    result["required"] = required;
  }
  return result;
}

ordered_json text_or_list(const ordered_json& text) {
  return {{"oneOf", ordered_json::array({text, ordered_json{{"type", "array"}, {"items", text}}})}};
}

/// The description is no deeper than the tables above.
ordered_json schema_of(const SettingDescription& description, int depth) {
  ordered_json result = ordered_json::object();
  const ordered_json text = {{"type", "string"}, {"minLength", 1}};
  switch (description.form) {
    case Form::kAny:
      break;
    case Form::kText:
      result = text;
      break;
    case Form::kDate:
      result = {{"type", "string"}, {"format", "date"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
      break;
    case Form::kSeverity:
      result = {{"enum", {"low", "medium", "high", "critical"}}};
      break;
    case Form::kTexts:
      result = text_or_list(text);
      break;
    case Form::kWords:
      result = text_or_list({{"enum", std::vector<std::string>(description.words.begin(), description.words.end())}});
      break;
    case Form::kMapping:
      result = object_of(description.members, depth);
      break;
    case Form::kList: {
      const ordered_json entry = object_of(description.members, depth);
      result = {{"type", "array"},
                {"items", description.or_text ? ordered_json{{"oneOf", ordered_json::array({text, entry})}} : entry}};
      break;
    }
    case Form::kNamed:
      result = {{"type", "object"}, {"additionalProperties", schema_of(description.members.front(), depth + 1)}};
      break;
  }
  if (description.or_nothing) {
    result["type"] = ordered_json::array({result["type"], "null"});
  }
  result["description"] = std::string(description.description);
  return result;
}

}  // namespace

std::span<const SettingDescription> settings_description() {
  return kFile;
}

std::optional<source::Error> check_settings(const YAML::Node& root, std::string_view path) {
  Checker checker(path);
  checker.mapping(root, kFile, 0);
  return checker.error();
}

std::string settings_schema() {
  ordered_json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"title", "Configuration of gabion"},
                         {"description", "The file .gabion.yaml at the top of a project."}};
  const ordered_json file = object_of(kFile, 0);
  schema.update(file);
  schema["type"] = ordered_json::array({"object", "null"});
  return schema.dump(2) + "\n";
}

}  // namespace gabion::engine
