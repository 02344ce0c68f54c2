#include "aws/action_patterns.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <set>

#include "aws/fact_reader.h"
#include "aws/text_memo.h"
#include "source/ascii.h"
#include "source/glob.h"

namespace gabion::aws {
namespace {

bool has_wildcard(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c == '*' || c == '?'; });
}

/// Then what it covers is not remembered: it may be all that there is.
bool may_be_of_any_service(std::string_view pattern) {
  return has_wildcard(pattern.substr(0, pattern.find(':')));
}

char folded_letter(char c) {
  return folded(c);
}

/// Names of the actions of a service in small letters and in their order, without its prefix.
class ActionNames {
 public:
  explicit ActionNames(ServiceId service) {
    std::string name;
    for (const ActionId action : actions_of(service)) {
      read_short_name(action, name);
      std::ranges::transform(name, std::back_inserter(text_), folded_letter);
      ends_.push_back(text_.size());
    }
  }
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

/// Of the service with that prefix.
std::shared_ptr<const ActionNames> names_of_actions(std::string_view prefix) {
  constexpr auto make = [](std::string_view text) { return std::make_shared<const ActionNames>(*find_service(text)); };
  return remembered<make>(prefix);
}

/// Calls `found(action)` for the actions of a service whose names the pattern, which has a wildcard, covers until it
/// says no. Only those that begin as the pattern does are looked at.
template <class Found>
void visit_names(ServiceId service, std::string_view pattern, Found&& found) {
  const std::string_view start = pattern.substr(0, pattern.find_first_of("*?"));
  const std::string rest = folded(pattern.substr(start.size()));
  if (rest.find_first_not_of('*') == std::string::npos) {
    std::ranges::all_of(actions_starting_with(service, start), found);
    return;
  }
  // `rest_of_name(i)`: in small letters, what follows the start in the name of the i-th action.
  const auto visit_matching = [&](const std::vector<ActionId>& actions, const auto& rest_of_name) {
    for (std::size_t i = 0; i < actions.size(); ++i) {
      if (source::glob_matches(rest, rest_of_name(i), std::equal_to<>()) && !found(actions[i])) {
        return;
      }
    }
  };
  if (start.empty()) {
    // Who begins with a wildcard often does so again ("ec2:*Image*", "ec2:*Volume*"), and all names are looked at.
    const std::shared_ptr<const ActionNames> names = names_of_actions(prefix_of(service));
    visit_matching(actions_of(service), [&](std::size_t i) { return (*names)[i]; });
    return;
  }
  const std::vector<ActionId> actions = actions_starting_with(service, start);
  std::string name;
  visit_matching(actions, [&](std::size_t i) {
    read_short_name(actions[i], name);
    std::ranges::transform(name, name.begin(), folded_letter);
    return std::string_view(name).substr(start.size());
  });
}

/// Calls `found(action)` for every action that the pattern covers until it says no.
template <class Found>
void visit(std::string_view pattern, Found&& found) {
  if (!has_wildcard(pattern)) {
    if (const auto action = find_action(pattern)) {
      static_cast<void>(found(*action));
    }
    return;
  }
  const bool all = pattern.find_first_not_of('*') == std::string_view::npos;
  const std::size_t colon = pattern.find(':');
  const std::string_view service_pattern = pattern.substr(0, colon);
  const bool one_service = colon != std::string_view::npos && !has_wildcard(service_pattern);
  const bool whole_services = all || (colon != std::string_view::npos && pattern.substr(colon + 1) == "*");
  if (one_service) {
    if (const auto named = find_service(service_pattern)) {
      visit_names(*named, pattern.substr(colon + 1), found);
    }
    return;
  }
  for (std::size_t i = 0; i < service_count(); ++i) {
    const auto service = static_cast<ServiceId>(i);
    // A wildcard before the colon may run over it: "s3*" covers every action of s3.
    const bool fits = all || (whole_services && matches_folded(service_pattern, prefix_of(service)));
    for (const ActionId action : actions_of(service)) {
      if ((fits && whole_services) || matches_folded(pattern, name_of(action))) {
        if (!found(action)) {
          return;
        }
      }
    }
  }
}

/// Places where a word of an action's name ends: before a capital that follows another kind, and the end.
std::vector<std::size_t> word_ends(std::string_view name) {
  std::vector<std::size_t> out;
  using source::is_upper;
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (is_upper(name[i]) && (!is_upper(name[i - 1]) || (i + 1 < name.size() && !is_upper(name[i + 1])))) {
      out.push_back(i);
    }
  }
  return out;
}

/// Most edits that still count as a slip.
std::size_t allowed_edits(std::size_t length) {
  constexpr std::size_t kLettersPerEdit = 5;
  constexpr std::size_t kMostEdits = 3;
  return std::clamp<std::size_t>(length / kLettersPerEdit, 1, kMostEdits);
}

/// Keeps the name with the fewest edits of those that still count as a slip.
class Nearest {
 public:
  explicit Nearest(std::string_view wanted) : wanted_(wanted), limit_(allowed_edits(wanted.size())) {}

  /// True when no other can be much nearer.
  bool offer(std::string_view name) {
    const std::size_t distance = edit_distance(wanted_, name, limit_);
    if (distance > limit_) {
      return false;
    }
    nearest_ = std::string(name);
    if (distance <= 1) {
      return true;
    }
    limit_ = distance - 1;
    return false;
  }
  [[nodiscard]] std::optional<std::string> take() { return std::move(nearest_); }

 private:
  std::string_view wanted_;
  std::size_t limit_;
  std::optional<std::string> nearest_;
};

}  // namespace

bool matches_folded(std::string_view pattern, std::string_view text) {
  return source::glob_matches(pattern, text, [](char a, char b) { return folded(a) == folded(b); });
}

namespace {

std::vector<ActionId> expand(std::string_view pattern) {
  std::vector<ActionId> out;
  visit(pattern, [&](ActionId action) {
    out.push_back(action);
    return true;
  });
  return out;
}

/// Of a pattern for one service.
std::shared_ptr<const std::vector<ActionId>> expanded(std::string_view pattern) {
  constexpr auto make = [](std::string_view text) {
    return std::make_shared<const std::vector<ActionId>>(expand(text));
  };
  return remembered<make>(pattern);
}

}  // namespace

std::vector<ActionId> expand_action(std::string_view pattern) {
  return may_be_of_any_service(pattern) ? expand(pattern) : *expanded(pattern);
}

bool covers_some_action(std::string_view pattern) {
  return some_action(pattern, [](ActionId) { return true; });
}

bool some_action(std::string_view pattern, const std::function<bool(ActionId)>& holds) {
  // Policies name the same patterns all the time, which several rules ask about. Names are remembered as such.
  if (has_wildcard(pattern) && !may_be_of_any_service(pattern)) {
    const auto actions = expanded(pattern);
    return std::any_of(actions->begin(), actions->end(), holds);
  }
  bool some = false;
  visit(pattern, [&](ActionId action) {
    some = holds(action);
    return !some;
  });
  return some;
}

std::vector<std::string> shortest_patterns(std::span<const ActionId> actions) {
  const std::set<ActionId> wanted(actions.begin(), actions.end());
  std::vector<std::string> out;
  for (auto at = wanted.begin(); at != wanted.end();) {
    const ServiceId service = service_of(*at);
    const std::string prefix = prefix_of(service) + ":";
    const std::vector<ActionId> all = actions_of(service);
    const auto after = std::ranges::find_if(at, wanted.end(), [&](ActionId one) { return one > all.back(); });
    if (static_cast<std::size_t>(std::distance(at, after)) == all.size()) {
      out.push_back(prefix + "*");
      at = after;
      continue;
    }
    while (at != after) {
      const std::string name = name_of(*at).substr(prefix.size());
      // Actions that share a start are neighbours in the order of the reference. The shortest start all of whose
      // actions are wanted, and that more than one has, stands for them.
      std::string pattern = name;
      auto next = std::next(at);
      for (const std::size_t end : word_ends(name)) {
        const std::string start = name.substr(0, end) + "*";
        const auto covered = [&](ActionId one) { return matches_folded(start, name_of(one).substr(prefix.size())); };
        const auto first = std::ranges::find_if(all, covered);
        const auto last = std::find_if_not(first, all.end(), covered);
        const auto count = last - first;
        if (count > 1 && *first == *at &&
            std::all_of(first, last, [&](ActionId one) { return wanted.contains(one); })) {
          pattern = start;
          next = std::next(at, count);
          break;
        }
      }
      out.push_back(prefix + pattern);
      at = next;
    }
  }
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size()) {
    std::swap(a, b);
  }
  if (b.size() - a.size() > limit) {
    return limit + 1;
  }
  std::vector<std::size_t> two_before(a.size() + 1);
  std::vector<std::size_t> before(a.size() + 1);
  std::vector<std::size_t> now(a.size() + 1);
  for (std::size_t i = 0; i <= a.size(); ++i) {
    before[i] = i;
  }
  for (std::size_t j = 1; j <= b.size(); ++j) {
    now[0] = j;
    std::size_t least = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      now[i] = std::min({before[i] + 1, now[i - 1] + 1, before[i - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1])) {
        now[i] = std::min(now[i], two_before[i - 2] + 1);
      }
      least = std::min(least, now[i]);
    }
    if (least > limit) {
      return limit + 1;
    }
    std::swap(two_before, before);
    std::swap(before, now);
  }
  return std::min(before[a.size()], limit + 1);
}

std::optional<std::string> nearest_service(std::string_view prefix) {
  if (find_service(prefix)) {
    return std::nullopt;
  }
  Nearest nearest(prefix);
  for (std::size_t i = 0; i < service_count(); ++i) {
    const std::string candidate = prefix_of(static_cast<ServiceId>(i));
    // Prefixes are short: one of three letters is not a slip of any other one.
    if (candidate.size() > 2 && nearest.offer(candidate)) {
      break;
    }
  }
  return nearest.take();
}

namespace {

std::optional<std::string> look_for_nearest_action(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) {
    return nearest_service(name);
  }
  if (has_wildcard(name) || find_action(name)) {
    return std::nullopt;
  }
  auto service = find_service(name.substr(0, colon));
  if (!service) {
    const auto near = nearest_service(name.substr(0, colon));
    service = near ? find_service(*near) : std::nullopt;
    if (!service) {
      return std::nullopt;
    }
  }
  Nearest nearest(name.substr(colon + 1));
  std::string short_name;  // its memory serves all of them
  for (const ActionId action : actions_of(*service)) {
    read_short_name(action, short_name);
    if (nearest.offer(short_name)) {
      break;
    }
  }
  const std::optional<std::string> found = nearest.take();
  return found ? std::optional(prefix_of(*service) + ":" + *found) : std::nullopt;
}

}  // namespace

std::optional<std::string> nearest_action(std::string_view name) {
  return remembered<look_for_nearest_action>(name);
}

namespace {

std::optional<std::string> look_for_nearest_condition_key(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos || find_global_key(name)) {
    return std::nullopt;
  }
  std::vector<ConditionKey> keys;
  if (folded(name.substr(0, colon)) == "aws") {
    keys = global_keys();
  } else if (const auto service = find_service(name.substr(0, colon))) {
    keys = condition_keys_of(*service);
  }
  if (std::ranges::any_of(keys, [&](const ConditionKey& key) { return is_key(key.name, name); })) {
    return std::nullopt;
  }
  // Behind a slash stands what the caller chooses: a tag.
  const std::size_t slash = name.find('/');
  const std::string_view head = name.substr(0, slash);
  Nearest nearest(head);
  for (const ConditionKey& key : keys) {
    const std::size_t placeholder = std::min(key.name.find("${"), key.name.find('<'));
    const bool has_tag = placeholder != std::string::npos && placeholder > 0 && key.name[placeholder - 1] == '/';
    if (placeholder != std::string::npos && !has_tag) {
      continue;  // no name can be told from its value
    }
    if (has_tag == (slash != std::string_view::npos) &&
        nearest.offer(std::string_view(key.name).substr(0, has_tag ? placeholder - 1 : std::string::npos))) {
      break;
    }
  }
  auto found = nearest.take();
  if (found && slash != std::string_view::npos) {
    *found += name.substr(slash);
  }
  return found == name ? std::nullopt : found;
}

}  // namespace

std::optional<std::string> nearest_condition_key(std::string_view name) {
  return remembered<look_for_nearest_condition_key>(name);
}

}  // namespace gabion::aws
