#include "cli/rule_index.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/catalogue.h"
#include "report/compliance.h"
#include "source/file_system.h"

namespace gabion::cli {
namespace {

using Rules = std::span<const engine::RuleData>;

const engine::RuleData* find(Rules rules, std::string_view id) {
  const auto found = std::ranges::find(rules, id, &engine::RuleData::id);
  return found == rules.end() ? nullptr : &*found;
}

/// The last folder of the rule file and the one above it: "aws", "kms". What is no file is about suppressions.
std::pair<std::string, std::string> folders_of(const engine::RuleData& rule) {
  if (rule.path.find('/') == std::string_view::npos) {
    return {"suppressions", "suppressions"};
  }
  const std::string folder = source::directory_of(rule.path);
  return {std::string(source::name_of(source::directory_of(folder))), std::string(source::name_of(folder))};
}

std::string link(std::string_view id, std::string_view directory) {
  return "[" + std::string(id) + "](" + std::string(directory) + std::string(id) + ".md)";
}

/// Safety classes of the rule's fixes, the safest first.
std::string fixes_of(const engine::RuleData& rule) {
  std::set<findings::Safety> kinds;
  for (const engine::CheckData& check : rule.checks) {
    if (check.fix != nullptr) {
      kinds.insert(check.fix->safety);
    }
  }
  std::string result;
  for (const findings::Safety kind : kinds) {
    result += (result.empty() ? "" : ", ") + std::string(findings::name(kind));
  }
  return result;
}

void write_services(Rules rules, std::ostream& out) {
  std::map<std::pair<std::string, std::string>, std::vector<const engine::RuleData*>> services;
  for (const engine::RuleData& rule : rules) {
    services[folders_of(rule)].push_back(&rule);
  }
  out << "## By service\n";
  for (const auto& [folders, members] : services) {
    out << "\n### " << folders.first << (folders.second == folders.first ? "" : " " + std::string(folders.second))
        << "\n\n| rule | severity | fix | |\n|---|---|---|---|\n";
    for (const engine::RuleData* rule : members) {
      out << "| " << link(rule->id, "") << " | " << findings::name(rule->severity) << " | " << fixes_of(*rule) << " | "
          << rule->title << " |\n";
    }
  }
}

void write_themes(Rules rules, std::string_view directory, std::ostream& out) {
  out << "\n## By theme\n";
  for (const Theme& theme : themes()) {
    out << "\n### " << theme.letter << ": " << theme.name << "\n\n" << theme.about << "\n\n";
    std::set<std::string_view> seen;
    for (const Guardrail& guardrail : guardrails()) {
      if (guardrail.themes.find(theme.letter) == std::string_view::npos) {
        continue;
      }
      for (const std::string_view id : guardrail.rules) {
        if (find(rules, id) != nullptr && seen.insert(id).second) {
          out << (seen.size() == 1 ? "" : ", ") << link(id, directory);
        }
      }
    }
    out << "\n";
  }
}

void write_controls(Rules rules, std::ostream& out) {
  using Controls = std::map<std::string_view, std::vector<std::string_view>, decltype(&report::natural_less)>;
  std::map<std::string_view, Controls> frameworks;
  const auto add = [&](const engine::RuleData& rule, const engine::NamedList& list) {
    for (const std::string_view control : list.items) {
      frameworks.try_emplace(list.name, report::natural_less).first->second[control].push_back(rule.id);
    }
  };
  for (const engine::RuleData& rule : rules) {
    for (const engine::NamedList& framework : rule.controls) {
      add(rule, framework);
    }
    // What AWS checks in an account that is there, by the name under which people know it.
    for (const engine::NamedList& peer : rule.aliases) {
      if (peer.name == "aws-config" || peer.name == "security-hub") {
        add(rule, peer);
      }
    }
  }
  out << "\n## By control\n";
  for (const auto& [framework, controls] : frameworks) {
    out << "\n### " << framework << "\n\n| control | rules |\n|---|---|\n";
    for (const auto& [control, ids] : controls) {
      out << "| " << control << " | ";
      for (std::size_t i = 0; i < ids.size(); ++i) {
        out << (i > 0 ? ", " : "") << link(ids[i], "");
      }
      out << " |\n";
    }
  }
}

}  // namespace

std::string rule_index(Rules rules) {
  std::ostringstream out;
  out << "# Rules\n\n"
      << rules.size()
      << " rules [by service](#by-service), [by theme](#by-theme) and [by control](#by-control). Which guardrail is "
         "held "
         "by which rules: [guardrails](../guardrails.md).\n\n";
  write_services(rules, out);
  write_themes(rules, "", out);
  write_controls(rules, out);
  return out.str();
}

std::string guardrail_map(Rules rules) {
  std::ostringstream out;
  out << "# Guardrails\n\n"
         "What an AWS estate built with Terraform is asked for, theme by theme, and the rules that hold it. A "
         "guardrail "
         "that names\nseveral settings is several rules, so that each finding is about one thing, each can be switched "
         "off by itself, and each\nanswers for the rules of other scanners that test the same (`aliases`). The texts, "
         "examples and parameters are on the\npages of the rules; [parameters.md](parameters.md) lists what an "
         "organisation can set.\n\n| theme | |\n|---|---|\n";
  for (const Theme& theme : themes()) {
    out << "| " << theme.letter << " | " << theme.name << ": " << theme.about << " |\n";
  }
  std::string_view section;
  for (const Guardrail& guardrail : guardrails()) {
    if (guardrail.section != section) {
      section = guardrail.section;
      out << "\n## " << section << "\n\n| guardrail | themes | asks that | rules |\n|---|---|---|---|\n";
    }
    out << "| `" << guardrail.id << "` | ";
    for (std::size_t i = 0; i < guardrail.themes.size(); ++i) {
      out << (i > 0 ? ", " : "") << guardrail.themes[i];
    }
    out << " | " << guardrail.asks << " | ";
    bool first = true;
    for (const std::string_view id : guardrail.rules) {
      if (find(rules, id) != nullptr) {
        out << (first ? "" : ", ") << link(id, "rules/");
        first = false;
      }
    }
    out << " |\n";
  }
  write_themes(rules, "rules/", out);
  return out.str();
}

}  // namespace gabion::cli
