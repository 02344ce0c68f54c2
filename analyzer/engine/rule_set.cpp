#include "engine/rule_set.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "engine/rule_compiler.h"
#include "engine/rule_names.h"
#include "source/budget.h"
#include "source/glob.h"

namespace gabion::engine {
namespace {

bool names(std::string_view pattern, const RuleData& rule) {
  if (glob_matches(pattern, rule.id)) {
    return true;
  }
  return std::any_of(rule.aliases.begin(), rule.aliases.end(), [&](const NamedList& peer) {
    return std::find(peer.items.begin(), peer.items.end(), pattern) != peer.items.end();
  });
}

findings::RuleDescription describe(const RuleData& data) {
  findings::RuleDescription result;
  result.id = data.id;
  result.title = data.title;
  result.severity = data.severity;
  result.why = data.why;
  result.since = data.since;
  result.references.assign(data.references.begin(), data.references.end());
  for (const NamedList& peer : data.aliases) {
    result.aliases.insert(result.aliases.end(), peer.items.begin(), peer.items.end());
  }
  for (const NamedList& framework : data.controls) {
    result.controls.emplace_back(framework.name,
                                 std::vector<std::string_view>(framework.items.begin(), framework.items.end()));
  }
  return result;
}

/// Files of users' rules below a path, depth first, in order of names.
void collect(const source::FileSystem& files, const std::string& path, int depth, std::vector<std::string>& found,
             std::vector<source::Error>& errors) {
  constexpr int kMaxDepth = 32;
  const auto status = files.status(path);
  if (!status) {
    errors.push_back(status.error());
    return;
  }
  if (status->kind == source::EntryKind::kFile) {
    found.push_back(path);
    return;
  }
  const auto entries = files.list(path);
  if (!entries) {
    errors.push_back(entries.error());
    return;
  }
  for (const source::Entry& entry : *entries) {
    const std::string child = source::join_path(path, entry.name);
    if (entry.kind == source::EntryKind::kDirectory && depth < kMaxDepth && entry.name.front() != '.') {
      collect(files, child, depth + 1, found, errors);
    } else if (entry.kind == source::EntryKind::kFile &&
               (entry.name.ends_with(".yaml") || entry.name.ends_with(".yml"))) {
      found.push_back(child);
    }
  }
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  return source::glob_matches(pattern, text, std::equal_to<char>());
}

source::Expected<source::Unit> RuleSet::add(std::span<const RuleData> rules) {
  for (const RuleData& data : rules) {
    const auto taken =
        std::find_if(rules_.begin(), rules_.end(), [&](const Rule& rule) { return rule.data->id == data.id; });
    if (taken != rules_.end()) {
      return source::Error{
          .message = "the rule id \"" + std::string(data.id) + "\" is taken by " + std::string(taken->data->path),
          .path = std::string(data.path),
          .line = 1,
          .column = 1,
          .hint = "give the rule an id of its own"};
    }
    rules_.push_back({&data, describe(data), data.severity});
  }
  return source::Unit{};
}

std::vector<source::Error> RuleSet::load(const source::FileSystem& files, const std::string& path) {
  std::vector<source::Error> errors;
  std::vector<std::string> found;
  collect(files, path, 0, found, errors);
  if (found.empty() && errors.empty()) {
    errors.push_back({.message = "no rule files (*.yaml) here",
                      .path = path,
                      .hint = "a rule file is YAML; docs/writing-rules.md shows one"});
  }
  const source::Limits limits;
  for (const std::string& file : found) {
    const auto text = files.read(file, limits.file_bytes);
    if (!text) {
      errors.push_back(text.error());
      continue;
    }
    CompiledRules compiled = compile_rules(file, *text, arena_);
    errors.insert(errors.end(), compiled.errors.begin(), compiled.errors.end());
    std::erase_if(compiled.rules, [&](const RuleData& rule) {
      std::vector<source::Error> undefined = undefined_names(rule);
      std::ranges::move(undefined, std::back_inserter(errors));
      return !undefined.empty();
    });
    const std::span<const RuleData> kept = arena_.copy(compiled.rules);
    if (const auto added = add(kept); !added) {
      errors.push_back(added.error());
    }
  }
  return errors;
}

std::vector<source::Error> RuleSet::misnamed(std::span<const RuleData> others) const {
  std::vector<std::string_view> ids;
  std::ranges::transform(rules_, std::back_inserter(ids), [](const Rule& rule) { return rule.data->id; });
  std::ranges::transform(others, std::back_inserter(ids), &RuleData::id);
  std::vector<source::Error> errors;
  for (const Rule& rule : rules_) {
    for (const CheckData& check : rule.data->checks) {
      for (const TextAt& id : check.fix == nullptr ? std::span<const TextAt>() : check.fix->leads_to) {
        if (std::ranges::find(ids, id.text) != ids.end()) {
          continue;
        }
        const std::string_view close = nearest(id.text, ids);
        errors.push_back(
            {.message = "there is no rule \"" + std::string(id.text) + "\" to lead to",
             .path = std::string(rule.data->path),
             .line = id.line,
             .column = id.column,
             .hint = close.empty() ? "gabion rules lists them" : "did you mean \"" + std::string(close) + "\"?"});
      }
    }
  }
  return errors;
}

source::Expected<source::Unit> RuleSet::select(std::span<const std::string> only, std::span<const std::string> skip) {
  for (const auto* patterns : {&only, &skip}) {
    for (const std::string& pattern : *patterns) {
      if (std::none_of(rules_.begin(), rules_.end(), [&](const Rule& rule) { return names(pattern, *rule.data); })) {
        std::vector<std::string_view> ids;
        for (const Rule& rule : rules_) {
          ids.push_back(rule.data->id);
        }
        const std::string_view close = nearest(pattern, ids);
        return source::Error{
            .message = "no rule matches \"" + pattern + "\"",
            .path = {},
            .hint = close.empty() ? "gabion rules lists them" : "did you mean \"" + std::string(close) + "\"?"};
      }
    }
  }
  const auto dropped = [&](const Rule& rule) {
    const auto matches = [&](const std::string& pattern) { return names(pattern, *rule.data); };
    return (!only.empty() && std::none_of(only.begin(), only.end(), matches)) ||
           std::any_of(skip.begin(), skip.end(), matches);
  };
  for (const Rule& rule : rules_) {
    if (dropped(rule)) {
      deselected_.push_back(rule.data);
    }
  }
  rules_.erase(std::remove_if(rules_.begin(), rules_.end(), dropped), rules_.end());
  return source::Unit{};
}

bool RuleSet::knows(std::string_view pattern) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) { return names(pattern, *rule.data); }) ||
         std::any_of(deselected_.begin(), deselected_.end(),
                     [&](const RuleData* rule) { return names(pattern, *rule); });
}

const Rule* RuleSet::find(std::string_view id) const {
  for (const Rule& rule : rules_) {
    if (rule.data->id == id) {
      return &rule;
    }
  }
  for (const Rule& rule : rules_) {
    if (names(id, *rule.data)) {
      return &rule;
    }
  }
  return nullptr;
}

bool RuleSet::set_severity(std::string_view id, findings::Severity severity) {
  for (Rule& rule : rules_) {
    if (rule.data->id == id) {
      rule.severity = severity;
      return true;
    }
  }
  return false;
}

void RuleSet::sort() {
  std::sort(rules_.begin(), rules_.end(), [](const Rule& a, const Rule& b) { return a.data->id < b.data->id; });
}

}  // namespace gabion::engine
