#include "iam/step_actions.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>

#include "aws/service_facts.h"
#include "iam/pattern.h"

namespace gabion::iam {

namespace {

/// Is one text before another one, when case does not count?
bool before(std::string_view one, std::string_view other) {
  const std::size_t size = std::min(one.size(), other.size());
  for (std::size_t i = 0; i < size; ++i) {
    const char a = fold_byte(one[i]);
    const char b = fold_byte(other[i]);
    if (a != b) {
      return a < b;
    }
  }
  return one.size() < other.size();
}

constexpr std::uint64_t kOnes = 0x0101010101010101U;

/// A bit of each byte that has the value; bytes behind such a one may have it too.
constexpr std::uint64_t bytes_with(std::uint64_t word, char value) {
  constexpr std::uint64_t kHighs = kOnes << 7U;
  const std::uint64_t differing = word ^ (kOnes * static_cast<unsigned char>(value));
  return (differing - kOnes) & ~differing & kHighs;
}

/// Eight bytes of an action or a pattern of actions, the same for each case; nothing where there is a wildcard in them,
/// or the end.
std::optional<std::uint64_t> word_at(std::string_view pattern, std::size_t begin) {
  constexpr std::uint64_t kLower = kOnes * 0x20U;  // set in small letters, in the place of which it tells capitals
  std::uint64_t word = 0;
  if (pattern.size() < begin + sizeof word) {
    return std::nullopt;
  }
  std::memcpy(&word, pattern.data() + begin, sizeof word);
  const bool wild = (bytes_with(word, '*') | bytes_with(word, '?')) != 0;
  return wild ? std::nullopt : std::optional(word | kLower);
}

constexpr std::size_t kSecondWord = sizeof(std::uint64_t);

/// Slot of a word in a set; that of the second one hangs on the first one as well.
std::uint16_t slot_of(std::uint64_t first, std::uint64_t second = 0) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;
  constexpr unsigned kTopBits = 52;
  return static_cast<std::uint16_t>(((first * kFactor ^ second) * kFactor) >> kTopBits);
}

bool begins_with(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_folded(text.substr(0, start.size()), start);
}

}  // namespace

const StepActions& StepActions::instance() {
  static const StepActions actions;
  return actions;
}

StepActions::StepActions() {
  for (const EscalationMethod& method : escalation_methods()) {
    for (const EscalationStep& step : method.steps) {
      names_.push_back(step.action);
    }
  }
  std::ranges::sort(names_, before);
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  assert(names_.size() <= all_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string_view name = names_[i];
    all_.set(i);
    if (const auto first = word_at(name, 0)) {
      beginnings_.set(slot_of(*first));
      if (const auto second = word_at(name, kSecondWord)) {
        beginnings_.set(slot_of(*first, *second));
      }
    }
    const auto action = name.starts_with("iam:") ? aws::find_action(name) : std::nullopt;
    takes_boundary_.push_back(action && aws::accepts_key(*action, "iam:PermissionsBoundary"));
  }
  for (const EscalationMethod& method : escalation_methods()) {
    Method& made = methods_.emplace_back();
    for (const EscalationStep& step : method.steps) {
      made.steps.push_back(number_of(step.action));
      made.needed.set(made.steps.back());
    }
  }
}

std::size_t StepActions::number_of(std::string_view action) const {
  return static_cast<std::size_t>(std::ranges::find(names_, action) - names_.begin());
}

bool StepActions::may_cover(std::string_view pattern) const {
  const auto first = word_at(pattern, 0);
  if (!first) {
    return true;
  }
  const auto second = word_at(pattern, kSecondWord);
  return beginnings_.test(slot_of(*first)) && (!second || beginnings_.test(slot_of(*first, *second)));
}

void StepActions::add_covered(std::string_view pattern, ActionSet& out) const {
  if (!may_cover(pattern)) {
    return;
  }
  const auto wildcard = std::ranges::find_if(pattern, [](char c) { return c == '*' || c == '?'; });
  const std::string_view start(pattern.begin(), wildcard);
  const auto first = std::ranges::lower_bound(names_, start, before);
  for (auto i = static_cast<std::size_t>(first - names_.begin()); i < names_.size(); ++i) {
    if (!begins_with(names_[i], start)) {
      break;
    }
    if (!out.test(i) && glob(pattern, names_[i], true)) {
      out.set(i);
    }
  }
}

ActionSet StepActions::allowed_by(const PolicyDocument& document) const {
  if (document.open) {
    return all_;
  }
  ActionSet out;
  for (const Statement& statement : document.statements) {
    if (statement.effect != Effect::kAllow && statement.effect != Effect::kUnknown) {
      continue;
    }
    if (statement.open) {
      return all_;
    }
    if (statement.actions.present) {
      for (const Text& pattern : statement.actions.items) {
        if (!pattern.known()) {
          return all_;
        }
        add_covered(pattern.literal(), out);
      }
      continue;
    }
    ActionSet others;
    for (const Text& pattern : statement.not_actions.items) {
      if (pattern.known()) {
        add_covered(pattern.literal(), others);
      }
    }
    out |= all_ & ~others;
  }
  return out;
}

ActionSet AllowedSteps::some_of(const std::vector<AttachedPolicy>& policies) {
  ActionSet out;
  for (const AttachedPolicy& policy : policies) {
    const auto [known, is_new] = known_.try_emplace(policy.document.get());
    if (is_new) {
      known->second = StepActions::instance().allowed_by(*policy.document);
    }
    out |= known->second;
  }
  return out;
}

ActionSet AllowedSteps::of(const EffectivePolicies& policies) {
  ActionSet out = policies.unknown.empty() ? some_of(policies.identity) : StepActions::instance().all();
  if (policies.bounded && policies.unknown_boundary.empty() && out.any()) {
    out &= some_of(policies.boundary);
  }
  return out;
}

}  // namespace gabion::iam
