#include "report/sarif_rules.h"

#include <string>

#include "report/markup.h"
#include "report/report.h"
#include "source/ascii.h"

namespace gabion::report {
namespace {

/// Code scanning services refuse rules with more tags; the full list is in the controls.
constexpr std::size_t kMaxTags = 20;

/// Score that services sort by: in the middle of the band that they call by the same name.
std::string_view security_severity(findings::Severity severity) {
  return text_for(severity, {"2.5", "5.5", "8.0", "9.5"});
}

std::string_view problem_severity(findings::Severity severity) {
  const std::string_view level = sarif_level(severity);
  return level == "note" ? "recommendation" : level;
}

/// "aws-kms-key-rotation" as "AwsKmsKeyRotation", the form that SARIF wants for names.
std::string camel_case(std::string_view id) {
  std::string name;
  bool at_begin = true;
  for (const char c : id) {
    const bool is_word = source::is_alphanumeric(c);
    if (is_word) {
      name += at_begin ? source::to_upper(c) : c;
    }
    at_begin = !is_word;
  }
  return name.empty() ? std::string(id) : name;
}

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
  json.begin_object(name);
  json.member("text", text);
  json.end_object();
}

std::string joined(const std::vector<std::string_view>& items) {
  std::string text;
  for (const std::string_view item : items) {
    text.append(text.empty() ? "" : ", ").append(item);
  }
  return text;
}

/// The rule's page: reason, then lists. Bullets are readable in plain text and right in Markdown.
std::string help(const findings::RuleDescription& rule, bool is_markdown) {
  const auto prose = [&](std::string_view words) { return is_markdown ? markdown(words) : std::string(words); };
  std::string text;
  if (is_markdown) {
    text.append("# ").append(prose(rule.title)).append("\n\n");
  }
  text.append(prose(rule.why.empty() ? rule.title : rule.why));
  const auto heading = [&](std::string_view title) {
    text.append("\n\n").append(is_markdown ? "## " : "").append(title).append(is_markdown ? "\n" : ":");
  };
  if (!rule.references.empty()) {
    heading("References");
    for (const std::string_view reference : rule.references) {
      text.append("\n- ").append(is_markdown ? "<" : "").append(reference).append(is_markdown ? ">" : "");
    }
  }
  if (!rule.controls.empty()) {
    heading("Controls");
    for (const auto& [framework, controls] : rule.controls) {
      text.append("\n- ").append(prose(framework)).append(": ").append(prose(joined(controls)));
    }
  }
  if (!rule.aliases.empty()) {
    heading("Also known as");
    text.append("\n- ").append(prose(joined(rule.aliases)));
  }
  return text;
}

void write_strings(JsonWriter& json, std::string_view name, const std::vector<std::string_view>& items) {
  json.begin_array(name);
  for (const std::string_view item : items) {
    json.string(item);
  }
  json.end_array();
}

}  // namespace

std::string_view sarif_level(findings::Severity severity) {
  switch (severity) {
    case findings::Severity::kCritical:
    case findings::Severity::kHigh:
      return "error";
    case findings::Severity::kMedium:
      return "warning";
    case findings::Severity::kLow:
      break;
  }
  return "note";
}

void write_sarif_rule(const findings::RuleDescription& rule, JsonWriter& json) {
  json.begin_object();
  json.member("id", rule.id);
  json.member("name", camel_case(rule.id));
  write_text(json, "shortDescription", rule.title);
  write_text(json, "fullDescription", rule.why.empty() ? rule.title : rule.why);
  json.begin_object("help");
  json.member("text", help(rule, false));
  json.member("markdown", help(rule, true));
  json.end_object();
  json.begin_object("defaultConfiguration");
  json.member("level", sarif_level(rule.severity));
  json.end_object();
  json.begin_object("properties");
  json.begin_array("tags");
  json.string("security");
  std::size_t tags = 1;
  for (const auto& [framework, controls] : rule.controls) {
    for (const std::string_view control : controls) {
      if (tags++ < kMaxTags) {
        json.string("external/" + std::string(framework) + "/" + std::string(control));
      }
    }
  }
  json.end_array();
  // A rule reports only what it has proven; what stays unknown is not a result.
  json.member("precision", "very-high");
  json.member("problem.severity", problem_severity(rule.severity));
  json.member("security-severity", security_severity(rule.severity));
  write_strings(json, "aliases", rule.aliases);
  json.begin_object("controls");
  for (const auto& [framework, controls] : rule.controls) {
    write_strings(json, framework, controls);
  }
  json.end_object();
  if (!rule.since.empty()) {
    json.member("since", rule.since);
  }
  json.end_object();
  json.end_object();
}

}  // namespace gabion::report
