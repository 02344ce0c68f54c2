#include "report/groups.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "report/unicode.h"

namespace gabion::report {

std::vector<FindingGroup> group_findings(std::span<const findings::Finding> findings, bool with_suppressed) {
  using Key = std::tuple<source::Region, const findings::RuleDescription*, findings::Severity, std::string_view,
                         std::string_view, std::string_view, std::vector<std::string>>;
  std::map<Key, std::size_t> index;
  std::vector<FindingGroup> groups;
  for (const findings::Finding& finding : findings) {
    if (finding.suppression && !with_suppressed) {
      continue;
    }
    const std::string_view kind = finding.suppression ? std::string_view(finding.suppression->kind) : "";
    const std::string_view reason = finding.suppression ? std::string_view(finding.suppression->reason) : "";
    const Key key(finding.region, finding.rule, finding.severity, finding.message, kind, reason, finding.environments);
    const auto [known, is_new] = index.try_emplace(key, groups.size());
    if (is_new) {
      groups.emplace_back();
    }
    groups[known->second].push_back(&finding);
  }
  return groups;
}

std::vector<UnresolvedGroup> group_unresolved(std::span<const findings::Unresolved> unresolved) {
  using Key = std::tuple<source::Region, const findings::RuleDescription*, std::string_view, std::vector<std::string>>;
  std::map<Key, std::size_t> index;
  std::vector<UnresolvedGroup> groups;
  for (const findings::Unresolved& item : unresolved) {
    const auto [known, is_new] =
        index.try_emplace(Key(item.region, item.rule, item.message, item.environments), groups.size());
    if (is_new) {
      groups.emplace_back();
    }
    groups[known->second].push_back(&item);
  }
  return groups;
}

std::vector<FindingGroup> worst_first(std::span<const findings::Finding> findings) {
  std::vector<FindingGroup> groups = group_findings(findings, false);
  std::stable_sort(groups.begin(), groups.end(), [](const FindingGroup& a, const FindingGroup& b) {
    return a.front()->severity > b.front()->severity;
  });
  return groups;
}

std::vector<std::string> instances_of(const FindingGroup& group) {
  std::map<std::string_view, std::size_t> roots;
  for (const findings::Finding* finding : group) {
    ++roots[finding->resource];
  }
  std::vector<std::string> names;
  for (const findings::Finding* finding : group) {
    if (!finding->resource.empty()) {
      const std::string root = roots[finding->resource] > 1 ? " in " + root_of(*finding) : std::string();
      names.push_back(printable(finding->resource) + root);
    }
  }
  return names;
}

std::vector<std::string> instances_of(const UnresolvedGroup& group) {
  std::vector<std::string> names;
  for (const findings::Unresolved* item : group) {
    if (!item->resource.empty()) {
      names.push_back(printable(item->resource));
    }
  }
  return names;
}

std::string root_of(const findings::Finding& finding) {
  return finding.root.empty() ? "." : printable(finding.root);
}

std::vector<std::string> environments_of(const FindingGroup& group) {
  std::vector<std::string> names;
  for (const findings::Finding* finding : group) {
    for (const std::string& environment : finding->environments) {
      std::string name = printable(environment);
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(std::move(name));
      }
    }
  }
  return names;
}

std::string environments_of(const findings::Diagnostic& diagnostic) {
  std::string names;
  for (const std::string& environment : diagnostic.environments) {
    names += (names.empty() ? "" : ", ") + printable(environment);
  }
  if (names.empty()) {
    return names;
  }
  return (diagnostic.environments.size() == 1 ? "environment " : "environments ") + names;
}

std::string observation_of(const findings::Finding& finding) {
  if (!finding.observation) {
    return {};
  }
  const std::string& day = finding.observation->enforce_from;
  return day.empty() ? std::string("reported, fails nothing") : "fails nothing before " + printable(day);
}

std::string suppression_of(const findings::Finding& finding) {
  if (!finding.suppression) {
    return {};
  }
  const findings::Suppression& suppression = *finding.suppression;
  std::string text = printable(suppression.kind);
  text += suppression.reason.empty() ? "" : ": " + printable(suppression.reason);
  text += suppression.owner.empty() ? "" : ", by " + printable(suppression.owner);
  text += suppression.until.empty() ? "" : ", until " + printable(suppression.until);
  return text;
}

std::string list_of(const std::vector<std::string>& items, std::size_t shown) {
  shown = items.size() > shown ? shown - 1 : items.size();
  std::string list;
  for (std::size_t i = 0; i < shown; ++i) {
    list += (i == 0 ? "" : ", ") + items[i];
  }
  if (shown < items.size()) {
    list += " and " + std::to_string(items.size() - shown) + " more";
  }
  return list;
}

std::string plural(std::uint64_t number, std::string_view noun) {
  std::string text = std::to_string(number) + " " + std::string(noun);
  if (number == 1) {
    return text;
  }
  if (text.ends_with('y')) {
    text.pop_back();
    return text + "ies";
  }
  return text + (text.ends_with('x') ? "es" : "s");
}

std::string_view id_of(const findings::RuleDescription* rule) {
  return rule == nullptr ? std::string_view("unknown-rule") : rule->id;
}

std::string_view title_of(const findings::Finding& finding) {
  return finding.rule == nullptr || finding.rule->title.empty() ? std::string_view(finding.message)
                                                                : finding.rule->title;
}

std::string_view module_of(std::string_view address) {
  // "module.NAME" with an optional key in brackets, which may hold any text in quotes, again and again.
  std::size_t end = 0;
  while (address.substr(end).starts_with(end == 0 ? "module." : ".module.")) {
    std::size_t at = end + (end == 0 ? 7 : 8);
    while (at < address.size() && address[at] != '.' && address[at] != '[') {
      ++at;
    }
    if (at < address.size() && address[at] == '[') {
      bool quoted = false;
      for (; at < address.size(); ++at) {
        if (quoted && address[at] == '\\') {
          ++at;
        } else if (address[at] == '"') {
          quoted = !quoted;
        } else if (!quoted && address[at] == ']') {
          break;
        }
      }
      at = std::min(at + 1, address.size());
    }
    end = at;
  }
  return address.substr(0, end);
}

}  // namespace gabion::report
