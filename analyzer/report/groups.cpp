#include "report/groups.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "report/unicode.h"
#include "source/hash.h"
#include "source/hash_index.h"
#include "source/region_hash.h"

namespace gabion::report {

namespace {

/// Whether a reader takes both for one thing.
bool belong_together(const findings::Finding& a, const findings::Finding& b) {
  const auto why = [](const findings::Finding& finding) {
    return finding.suppression
               ? std::pair<std::string_view, std::string_view>(finding.suppression->kind, finding.suppression->reason)
               : std::pair<std::string_view, std::string_view>();
  };
  return a.region == b.region && a.rule == b.rule && a.severity == b.severity && a.message == b.message &&
         why(a) == why(b) && a.environments == b.environments;
}

std::uint64_t hash_of_group(const findings::Finding& finding) {
  return source::hash_of(finding.message) +
         31 * (source::hash_of(id_of(finding.rule)) + 31 * source::hash_of(finding.region));
}

}  // namespace

FindingGroups group_findings(const findings::FindingRange& findings, bool with_suppressed) {
  constexpr std::uint32_t kNone = 0xffffffff;
  FindingGroups groups;
  groups.findings_ = findings;
  std::vector<std::uint32_t> firsts;
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint32_t> group_of(findings.size(), kNone);
  source::HashIndex index;
  findings::Finding room;
  findings::Finding first_room;
  std::uint32_t unpacked = kNone;  // the finding in that room
  const findings::Finding* first = nullptr;
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    if (findings.brief(i).suppressed && !with_suppressed) {
      continue;
    }
    const findings::Finding& finding = findings.get(i, room);
    const std::uint64_t hash = hash_of_group(finding);
    const auto known = index.find(hash, [&](std::uint32_t group) {
      if (unpacked != firsts[group]) {
        unpacked = firsts[group];
        first = &findings.get(unpacked, first_room);
      }
      return belong_together(*first, finding);
    });
    const auto group = known.value_or(static_cast<std::uint32_t>(firsts.size()));
    if (!known) {
      index.add(hash, group);
      firsts.push_back(i);
      sizes.push_back(0);
    }
    ++sizes[group];
    group_of[i] = group;
  }
  groups.begins_.reserve(sizes.size() + 1);
  std::uint32_t end = 0;
  for (const std::uint32_t size : sizes) {
    groups.begins_.push_back(end);
    end += size;
  }
  std::vector<std::uint32_t> next = groups.begins_;
  groups.begins_.push_back(end);
  groups.members_.resize(end);
  for (std::uint32_t i = 0; i < group_of.size(); ++i) {
    if (group_of[i] != kNone) {
      groups.members_[next[group_of[i]]++] = i;
    }
  }
  groups.order_.resize(sizes.size());
  std::iota(groups.order_.begin(), groups.order_.end(), 0U);
  return groups;
}

const FindingGroup& FindingGroups::operator[](std::size_t index) const {
  constexpr std::size_t kKept = 64;
  const std::uint32_t group = order_[index];
  const std::uint32_t begin = begins_[group];
  const std::size_t size = begins_[group + 1] - begin;
  shown_.clear();
  if (unpacked_.size() > std::max(size, kKept)) {
    unpacked_.resize(kKept);
  }
  while (unpacked_.size() < size) {
    unpacked_.emplace_back();
  }
  for (std::size_t i = 0; i < size; ++i) {
    shown_.push_back(&findings_.get(members_[begin + i], unpacked_[i]));
  }
  return shown_;
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

std::vector<DiagnosticGroup> group_diagnostics(std::span<const findings::Diagnostic> diagnostics) {
  using Key = std::tuple<findings::DiagnosticSeverity, std::string_view, std::string_view, std::string_view,
                         std::vector<std::string>>;
  std::map<Key, std::size_t> index;
  std::vector<DiagnosticGroup> groups;
  for (const findings::Diagnostic& item : diagnostics) {
    if (item.severity != findings::DiagnosticSeverity::kError && item.region.valid()) {
      const auto [known, is_new] =
          index.try_emplace(Key(item.severity, item.code, item.message, item.hint, item.environments), groups.size());
      if (!is_new) {
        groups[known->second].push_back(&item);
        continue;
      }
    }
    groups.push_back({&item});
  }
  return groups;
}

FindingGroups worst_first(const findings::FindingRange& findings) {
  FindingGroups groups = group_findings(findings, false);
  groups.sort([](const findings::Brief& first) { return -static_cast<int>(first.severity); });
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

}  // namespace gabion::report
