#include "engine/rule_compiler.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "engine/yaml_check.h"
#include "source/artifact.h"
#include "source/ascii.h"
#include "source/budget.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

constexpr std::array<std::string_view, 20> kRuleKeys = {
    "id",  "title", "severity", "since",   "why",    "references", "aliases", "controls", "target", "parameters",
    "let", "given", "each",     "require", "unique", "message",    "at",      "fix",      "checks", "examples"};
constexpr std::array<std::string_view, 8> kCheckKeys = {"given",   "each", "require",  "unique",
                                                        "message", "at",   "severity", "fix"};
constexpr std::array<std::string_view, 14> kFixKeys = {"safety", "title",   "on",   "set",     "insert",
                                                       "remove", "add",     "take", "policy",  "companion",
                                                       "block",  "declare", "line", "leads_to"};
constexpr std::array<std::string_view, 13> kPolicyFixKeys = {"of",     "kind",    "statements", "set",   "add",
                                                             "remove", "replace", "append",     "keeps", "drop",
                                                             "widens", "split",   "version"};
constexpr std::array<std::string_view, 7> kCompanionKeys = {"type", "name", "set", "refer", "json", "once", "when"};
constexpr std::array<std::string_view, 3> kDeclareKeys = {"block", "name", "set"};
constexpr std::array<std::string_view, 2> kLineKeys = {"file", "text"};
constexpr std::array<std::string_view, 3> kParameterKeys = {"type", "default", "description"};
constexpr std::array<std::string_view, 9> kExampleKeys = {"bad",   "good",   "unknown",  "fixed",   "by_hand",
                                                          "title", "config", "findings", "severity"};
constexpr std::array<std::string_view, 2> kInsertKeys = {"block", "set"};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Reads one YAML document; every helper reports what it does not like and goes on.
class Compiler {
 public:
  Compiler(std::string_view path, std::string_view text, source::Arena& arena, std::vector<source::Error>& errors)
      : path_(path), text_(text), arena_(arena), errors_(errors) {}

  std::optional<RuleData> compile(const YAML::Node& root) {
    const std::size_t errors_before = errors_.size();
    RuleData rule;
    rule.path = arena_.copy(path_);
    if (!root.IsMap()) {
      error(root, "a rule file is a mapping of keys such as id, title, target and require", "");
      return std::nullopt;
    }
    check_keys(root, kRuleKeys, "rule");
    rule.id = required_text(root, "id");
    check_id(root["id"], rule.id);
    rule.title = required_text(root, "title");
    check_line(root["title"], rule.title);
    rule.why = required_text(root, "why");
    rule.since = text(root["since"]);
    rule.severity = severity(root["severity"], required_text(root, "severity")).value_or(rule.severity);
    rule.references = texts(root["references"]);
    check_links(root["references"], rule.references);
    rule.aliases = named_lists(root["aliases"]);
    rule.controls = named_lists(root["controls"]);
    rule.targets = texts(root["target"]);
    if (rule.targets.empty()) {
      error(root, "the rule has no target", "name a resource type, for example target: aws_kms_key");
    }
    rule.parameters = parameters(root["parameters"]);
    rule.let = named_expressions(root["let"], "let");
    std::vector<CheckData> checks;
    if (const YAML::Node list = root["checks"]) {
      if (root["require"]) {
        error(root["require"], "a rule has either require or checks, not both", "move require into the list of checks");
      }
      if (!list.IsSequence()) {
        error(list, "checks is a list", "start each check with \"- require: ...\"");
      } else {
        for (const YAML::Node& item : list) {
          if (!item.IsMap()) {
            error(item, "a check is a mapping with require and message", "");
            continue;
          }
          check_keys(item, kCheckKeys, "check");
          checks.push_back(check(item));
        }
      }
    } else {
      checks.push_back(check(root));
    }
    rule.checks = arena_.copy(checks);
    rule.examples = examples(root["examples"]);
    if (errors_.size() != errors_before) {
      return std::nullopt;
    }
    return rule;
  }

  void error(const YAML::Node& node, std::string message, std::string hint) {
    const YAML::Mark mark = node.IsDefined() ? node.Mark() : YAML::Mark::null_mark();
    error_at(mark.is_null() ? 1 : static_cast<std::uint32_t>(mark.line + 1),
             mark.is_null() ? 1 : static_cast<std::uint32_t>(mark.column + 1), std::move(message), std::move(hint));
  }

  void error_at(std::uint32_t line, std::uint32_t column, std::string message, std::string hint) {
    errors_.push_back({.message = std::move(message),
                       .path = std::string(path_),
                       .line = line,
                       .column = column,
                       .hint = std::move(hint)});
  }

 private:
  void check_keys(const YAML::Node& map, std::span<const std::string_view> allowed, std::string_view what) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
      if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
        const std::string_view close = nearest(key, allowed);
        error(entry.first, "unknown key \"" + key + "\" in a " + std::string(what),
              close.empty() ? "" : "did you mean \"" + std::string(close) + "\"?");
      } else if (!seen.insert(key).second) {
        error(entry.first, "the key \"" + key + "\" occurs twice", "keep one of them");
      }
    }
  }

  void check_id(const YAML::Node& node, std::string_view id) {
    const bool valid = !id.empty() && source::is_lower(id[0]) && id.back() != '-' &&
                       std::all_of(id.begin(), id.end(),
                                   [](char c) { return source::is_lower(c) || source::is_digit(c) || c == '-'; });
    if (!valid && !id.empty()) {
      error(node, "\"" + std::string(id) + "\" is not a rule id", "use lower-case words joined by hyphens");
    }
  }

  /// What is printed within lines has no line ends, and none of what terminals obey.
  void check_line(const YAML::Node& node, std::string_view value) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(value.begin(), value.end(), is_control)) {
      error(node, "expected one line of text here", "leave out line ends and control characters");
    }
  }

  /// Reports make links of them, which must lead to pages.
  void check_links(const YAML::Node& node, std::span<const std::string_view> links) {
    for (const std::string_view link : links) {
      const bool page = link.starts_with("https://") || link.starts_with("http://");
      const bool whole = std::all_of(link.begin(), link.end(), [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("<>\"`\\^{|}").find(c) == std::string_view::npos;
      });
      if (!page || !whole) {
        error(node, "\"" + std::string(link) + "\" is not the address of a page", "a reference begins with https://");
      }
    }
  }

  std::string_view text(const YAML::Node& node) {
    if (!node) {
      return {};
    }
    if (!node.IsScalar()) {
      error(node, "expected text here", "");
      return {};
    }
    std::string_view value = node.Scalar();
    while (!value.empty() && (value.back() == '\n' || value.back() == ' ')) {
      value.remove_suffix(1);
    }
    return arena_.copy(value);
  }

  std::string_view required_text(const YAML::Node& map, const char* key) {
    const std::string_view value = text(map[key]);
    if (value.empty()) {
      error(map[key] ? map[key] : map, std::string("\"") + key + "\" is missing or empty", "");
    }
    return value;
  }

  /// None where nothing is given.
  std::optional<findings::Severity> severity(const YAML::Node& node, std::string_view word) {
    const std::optional<findings::Severity> known = findings::severity_from_name(word);
    if (!known && !word.empty()) {
      error(node, "\"" + std::string(word) + "\" is not a severity", "use low, medium, high or critical");
    }
    return known;
  }

  std::span<const std::string_view> texts(const YAML::Node& node) {
    if (!node) {
      return {};
    }
    std::vector<std::string_view> result;
    if (node.IsScalar()) {
      result.push_back(text(node));
      check_line(node, result.back());
    } else if (node.IsSequence()) {
      for (const YAML::Node& item : node) {
        result.push_back(text(item));
        check_line(item, result.back());
      }
    } else {
      error(node, "expected a text or a list of texts", "");
    }
    return arena_.copy(result);
  }

  std::span<const NamedList> named_lists(const YAML::Node& node) {
    std::vector<NamedList> result;
    if (node && !node.IsMap()) {
      error(node, "expected a mapping of names to lists", "for example {cis-aws: [\"3.6\"]}");
    } else if (node) {
      for (const auto& entry : node) {
        check_line(entry.first, entry.first.Scalar());
        result.push_back({arena_.copy(entry.first.Scalar()), texts(entry.second)});
      }
    }
    return arena_.copy(result);
  }

  /// Text with its place.
  TextAt located(const YAML::Node& node) {
    if (!node) {
      return {};
    }
    if (!node.IsScalar()) {
      error(node, "expected an expression here", "");
      return {};
    }
    const YAML::Mark mark = node.Mark();
    return {arena_.copy(node.Scalar()), static_cast<std::uint32_t>(mark.line + 1),
            static_cast<std::uint32_t>(mark.column + 1)};
  }

  /// A line of the file, counted from 1; empty behind the last.
  [[nodiscard]] std::string_view line_at(std::uint32_t number) const {
    std::string_view rest = text_;
    for (; number > 1; --number) {
      const std::size_t end = rest.find('\n');
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return rest.substr(0, rest.find('\n'));
  }

  /// Moves a place to where the text begins: behind a quote, or in the line below the indicator of a block.
  void enter_scalar(TextAt& text) const {
    const std::string_view line = line_at(text.line);
    const char first = text.column - 1 < line.size() ? line[text.column - 1] : ' ';
    if (first == '"' || first == '\'') {
      ++text.column;
    } else if (first == '|' || first == '>') {
      const std::string_view below = line_at(text.line + 1);
      ++text.line;
      text.column = static_cast<std::uint32_t>(std::min(below.find_first_not_of(' '), below.size()) + 1);
    }
  }

  enum class Form { kExpression, kTemplate };

  TextAt parsed(const YAML::Node& node, Form form) {
    TextAt result = located(node);
    if (!result.given()) {
      return result;
    }
    enter_scalar(result);
    while (!result.text.empty() && (result.text.back() == '\n' || result.text.back() == ' ')) {
      result.text.remove_suffix(1);
    }
    source::ArtifactStore store;
    const source::Artifact& artifact = store.add(std::string(path_), std::string(result.text), source::Role::kInternal);
    source::Arena scratch;
    const source::Limits limits;
    const syntax::hcl::ParsedExpression expression =
        form == Form::kTemplate ? syntax::hcl::parse_template(artifact, artifact.whole(), scratch, limits)
                                : syntax::hcl::parse_expression(artifact, artifact.whole(), scratch, limits);
    for (const findings::Diagnostic& diagnostic : expression.diagnostics) {
      const source::Position at = place_of(result, artifact, diagnostic.region);
      error_at(at.line, at.column, "expression: " + diagnostic.message, diagnostic.hint);
    }
    return result;
  }

  std::span<const NamedText> named_expressions(const YAML::Node& node, std::string_view what) {
    std::vector<NamedText> result;
    if (node && !node.IsMap()) {
      error(node, std::string(what) + " is a mapping of names to expressions", "");
    } else if (node) {
      std::set<std::string> seen;
      for (const auto& entry : node) {
        if (!seen.insert(entry.first.Scalar()).second) {
          error(entry.first, "the name \"" + entry.first.Scalar() + "\" occurs twice", "");
        }
        result.push_back({arena_.copy(entry.first.Scalar()), parsed(entry.second, Form::kExpression)});
      }
    }
    return arena_.copy(result);
  }

  std::span<const ParameterData> parameters(const YAML::Node& node) {
    std::vector<ParameterData> result;
    if (node && !node.IsMap()) {
      error(node, "parameters is a mapping of names", "");
    } else if (node) {
      for (const auto& entry : node) {
        const YAML::Node& body = entry.second;
        if (!body.IsMap()) {
          error(body, "a parameter has type, default and description", "");
          continue;
        }
        check_keys(body, kParameterKeys, "parameter");
        ParameterData parameter;
        parameter.name = arena_.copy(entry.first.Scalar());
        parameter.type = parsed(body["type"], Form::kExpression);
        parameter.fallback = parsed(body["default"], Form::kExpression);
        parameter.description = text(body["description"]);
        if (!parameter.type.given() || !parameter.fallback.given() || parameter.description.empty()) {
          error(entry.first, "the parameter \"" + entry.first.Scalar() + "\" needs type, default and description", "");
        }
        result.push_back(parameter);
      }
    }
    return arena_.copy(result);
  }

  CheckData check(const YAML::Node& node) {
    CheckData check;
    check.given = parsed(node["given"], Form::kExpression);
    check.each = parsed(node["each"], Form::kExpression);
    check.require = parsed(node["require"], Form::kExpression);
    check.unique = parsed(node["unique"], Form::kExpression);
    check.message = parsed(node["message"], Form::kTemplate);
    check.at = parsed(node["at"], Form::kExpression);
    if (node["severity"] && node["checks"].IsDefined() == false && node["id"].IsDefined() == false) {
      check.severity = parsed(node["severity"], Form::kExpression);
    }
    if (check.require.given() == check.unique.given()) {
      error(node, check.unique.given() ? "a check has either require or unique, not both" : "nothing is required",
            check.unique.given() ? "write two checks" : "add require: with the condition that must hold");
    }
    if (!check.message.given()) {
      error(node, "the message is missing", "add message: what was seen, lower case, no full stop");
    }
    if (const YAML::Node fix_node = node["fix"]) {
      check.fix = fix(fix_node);
    }
    return check;
  }

  const FixData* fix(const YAML::Node& node) {
    if (!node.IsMap()) {
      error(node, "a fix is a mapping", "for example fix: {safety: safe, set: {enabled: true}}");
      return nullptr;
    }
    check_keys(node, kFixKeys, "fix");
    auto* data = arena_.make<FixData>();
    const std::string_view safety = required_text(node, "safety");
    if (safety == "safe") {
      data->safety = findings::Safety::kSafe;
    } else if (safety == "unsafe") {
      data->safety = findings::Safety::kUnsafe;
    } else if (safety == "manual") {
      data->safety = findings::Safety::kManual;
    } else if (!safety.empty()) {
      error(node["safety"], "\"" + std::string(safety) + "\" is not a safety class", "use safe, unsafe or manual");
    }
    data->title = parsed(node["title"], Form::kTemplate);
    data->on = parsed(node["on"], Form::kExpression);
    data->set = named_expressions(node["set"], "set");
    std::vector<InsertData> inserts;
    if (const YAML::Node list = node["insert"]) {
      const auto add = [&](const YAML::Node& item) {
        if (!item.IsMap()) {
          error(item, "insert names a block and what to set in it", "for example insert: {block: logging, set: {...}}");
          return;
        }
        check_keys(item, kInsertKeys, "insert");
        inserts.push_back({required_text(item, "block"), named_expressions(item["set"], "set")});
      };
      if (list.IsSequence()) {
        for (const YAML::Node& item : list) {
          add(item);
        }
      } else {
        add(list);
      }
    }
    data->insert = arena_.copy(inserts);
    std::vector<TextAt> removals;
    for_each_of(node["remove"], [&](const YAML::Node& item) { removals.push_back(located(item)); });
    data->remove = arena_.copy(removals);
    std::vector<TextAt> blocks;
    for_each_of(node["block"], [&](const YAML::Node& item) { blocks.push_back(located(item)); });
    data->blocks = arena_.copy(blocks);
    data->add = named_expressions(node["add"], "add");
    data->take = named_expressions(node["take"], "take");
    std::vector<PolicyFixData> policies;
    for_each_of(node["policy"], [&](const YAML::Node& item) { policies.push_back(policy_fix(item)); });
    data->policies = arena_.copy(policies);
    std::vector<CompanionData> companions;
    for_each_of(node["companion"], [&](const YAML::Node& item) { companions.push_back(companion(item)); });
    data->companions = arena_.copy(companions);
    std::vector<DeclareData> declares;
    for_each_of(node["declare"], [&](const YAML::Node& item) { declares.push_back(declare(item)); });
    data->declares = arena_.copy(declares);
    std::vector<LineData> lines;
    for_each_of(node["line"], [&](const YAML::Node& item) { lines.push_back(line(item)); });
    data->lines = arena_.copy(lines);
    std::vector<TextAt> consequences;
    for_each_of(node["leads_to"], [&](const YAML::Node& item) { consequences.push_back(located(item)); });
    data->leads_to = arena_.copy(consequences);
    if (data->set.empty() && data->insert.empty() && data->remove.empty() && data->add.empty() && data->take.empty() &&
        data->policies.empty() && data->companions.empty() && data->blocks.empty() && data->declares.empty() &&
        data->lines.empty()) {
      error(node, "the fix changes nothing", "add set, insert, remove, add, take, policy, companion, block or line");
    }
    return data;
  }

  /// One item, or each of a list of them.
  template <class Take>
  void for_each_of(const YAML::Node& node, const Take& take) {
    if (!node) {
      return;
    }
    if (!node.IsSequence()) {
      take(node);
      return;
    }
    for (const YAML::Node& item : node) {
      take(item);
    }
  }

  PolicyFixData policy_fix(const YAML::Node& node) {
    PolicyFixData data;
    if (!node.IsMap()) {
      error(node, "a policy fix is a mapping", "for example policy: {of: self.policy, kind: resource, append: ...}");
      return data;
    }
    check_keys(node, kPolicyFixKeys, "policy fix");
    data.of = parsed(node["of"], Form::kExpression);
    if (!data.of.given()) {
      error(node, "the policy fix does not say which document it changes", "add of: for example self.policy");
    }
    if (node["kind"]) {
      data.kind = located(node["kind"]);
    }
    if (data.kind.text != "identity" && data.kind.text != "resource" && data.kind.text != "trust") {
      error(node, "kind of a policy is identity, resource or trust", "");
    }
    data.where = parsed(node["statements"], Form::kExpression);
    data.append = parsed(node["append"], Form::kExpression);
    data.keeps = parsed(node["keeps"], Form::kExpression);
    data.set = named_expressions(node["set"], "set");
    data.add = named_expressions(node["add"], "add");
    data.remove = named_expressions(node["remove"], "remove");
    data.drop = flag(node["drop"]);
    data.widens = flag(node["widens"]);
    data.split = parsed(node["split"], Form::kExpression);
    data.replace = named_expressions(node["replace"], "replace");
    data.version = parsed(node["version"], Form::kExpression);
    const bool changes = data.drop || !data.set.empty() || !data.add.empty() || !data.remove.empty() ||
                         !data.replace.empty() || data.split.given();
    if (changes && !data.where.given()) {
      error(node, "the policy fix does not say which statements it changes",
            "add statements: a condition on statement");
    }
    if (!changes && !data.append.given() && !data.version.given()) {
      error(node, "the policy fix changes nothing", "add set, add, remove, replace, drop, split, append or version");
    }
    return data;
  }

  CompanionData companion(const YAML::Node& node) {
    CompanionData data;
    if (!node.IsMap()) {
      error(node, "a companion is a mapping", "for example companion: {type: aws_s3_bucket_versioning, refer: {...}}");
      return data;
    }
    check_keys(node, kCompanionKeys, "companion");
    data.type = required_text(node, "type");
    data.name = parsed(node["name"], Form::kTemplate);
    data.set = named_expressions(node["set"], "set");
    data.refer = named_expressions(node["refer"], "refer");
    data.json = named_expressions(node["json"], "json");
    data.once = flag(node["once"]);
    data.when = parsed(node["when"], Form::kExpression);
    return data;
  }

  DeclareData declare(const YAML::Node& node) {
    DeclareData data;
    if (!node.IsMap()) {
      error(node, "a declaration is a mapping", "for example declare: {block: variable, name: password}");
      return data;
    }
    check_keys(node, kDeclareKeys, "declaration");
    data.block = required_text(node, "block");
    if (!data.block.empty() && data.block != "variable" && data.block != "provider") {
      error(node["block"], "\"" + std::string(data.block) + "\" cannot be declared", "use variable or provider");
    }
    data.name = parsed(node["name"], Form::kTemplate);
    if (!data.name.given()) {
      error(node, "the declaration has no name", "add name: for example name: ${self.name}_password");
    }
    data.set = named_expressions(node["set"], "set");
    return data;
  }

  LineData line(const YAML::Node& node) {
    LineData data;
    if (!node.IsMap()) {
      error(node, "a line is a mapping", "for example line: {file: .gitignore, text: '*.tfstate'}");
      return data;
    }
    check_keys(node, kLineKeys, "line");
    data.file = parsed(node["file"], Form::kTemplate);
    data.text = parsed(node["text"], Form::kTemplate);
    if (!data.file.given() || !data.text.given()) {
      error(node, "a line has a file and a text", "for example line: {file: .gitignore, text: '*.tfstate'}");
    }
    return data;
  }

  bool flag(const YAML::Node& node) {
    if (!node) {
      return false;
    }
    if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false")) {
      return node.Scalar() == "true";
    }
    error(node, "this is true or false", "");
    return false;
  }

  std::span<const ExampleData> examples(const YAML::Node& node) {
    std::vector<ExampleData> result;
    if (!node) {
      return {};
    }
    if (!node.IsSequence()) {
      error(node, "examples is a list of bad, good and unknown texts", "");
      return {};
    }
    for (const YAML::Node& item : node) {
      if (!item.IsMap()) {
        error(item, "an example is a mapping with bad, good or unknown", "");
        continue;
      }
      check_keys(item, kExampleKeys, "example");
      ExampleData example;
      int kinds = 0;
      const auto take = [&](const char* key, ExampleKind kind) {
        if (const YAML::Node body = item[key]) {
          example.kind = kind;
          example.text = located(body);
          ++kinds;
        }
      };
      take("bad", ExampleKind::kBad);
      take("good", ExampleKind::kGood);
      take("unknown", ExampleKind::kUnknown);
      if (kinds != 1) {
        error(item, "an example is exactly one of bad, good and unknown", "");
      }
      example.fixed = located(item["fixed"]);
      if (example.fixed.given() && example.kind != ExampleKind::kBad) {
        error(item["fixed"], "only a bad example can be fixed", "");
      }
      example.by_hand = located(item["by_hand"]);
      if (example.by_hand.given() && example.kind != ExampleKind::kBad) {
        error(item["by_hand"], "only a bad example can be fixed by hand", "");
      }
      example.title = text(item["title"]);
      check_line(item["title"], example.title);
      example.config = named_expressions(item["config"], "config");
      example.severity = severity(item["severity"], text(item["severity"]));
      if (example.severity && example.kind != ExampleKind::kBad) {
        error(item["severity"], "only findings of a bad example have a severity", "");
      }
      if (const YAML::Node count = item["findings"]) {
        try {
          example.findings = count.as<std::uint32_t>();
        } catch (const YAML::Exception&) {
          error(count, "findings is a number", "");
        }
      }
      result.push_back(example);
    }
    return arena_.copy(result);
  }

  std::string_view path_;
  std::string_view text_;
  source::Arena& arena_;
  std::vector<source::Error>& errors_;
};

}  // namespace

source::Position place_of(const TextAt& text, const source::Artifact& expression, source::Region region) {
  const source::Position at = expression.lines().position(region.valid() ? region.begin : 0);
  return {text.line + at.line - 1, at.line == 1 ? text.column + at.column - 1 : at.column};
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), word.size());
    const std::size_t shorter = std::min(candidate.size(), word.size());
    if (longer - shorter >= best_distance) {
      continue;
    }
    if (const std::size_t distance = edit_distance(word, candidate); distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

CompiledRules compile_rules(std::string_view path, std::string_view text, source::Arena& arena) {
  CompiledRules result;
  if (auto problem = check_yaml(path, text)) {
    result.errors.push_back(std::move(*problem));
    return result;
  }
  Compiler compiler(path, text, arena, result.errors);
  // yaml-cpp throws on what it cannot read; nothing of that leaves this function.
  try {
    for (const YAML::Node& document : YAML::LoadAll(std::string(text))) {
      if (document.IsNull()) {
        continue;
      }
      if (std::optional<RuleData> rule = compiler.compile(document)) {
        result.rules.push_back(*rule);
      }
    }
  } catch (const YAML::Exception& problem) {
    compiler.error_at(static_cast<std::uint32_t>(problem.mark.line + 1),
                      static_cast<std::uint32_t>(problem.mark.column + 1), "not YAML: " + problem.msg,
                      "texts with ':' or '#' need quotes or a block scalar");
  }
  if (result.rules.empty() && result.errors.empty()) {
    compiler.error_at(1, 1, "the file holds no rule", "a rule starts with id, title, severity, why and target");
  }
  return result;
}

}  // namespace gabion::engine
