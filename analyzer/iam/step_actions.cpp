#include "iam/step_actions.h"

#include <algorithm>
#include <cassert>
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

/// A hash of the service that an action or a pattern of actions names, in any case; nothing when it may be any.
std::optional<std::uint8_t> prefix_hash(std::string_view pattern) {
  constexpr std::uint32_t kFactor = 0x01000193U;
  constexpr unsigned kLower = 0x20U;  // set in small letters, in the place of which it tells capitals
  constexpr unsigned kTopByte = 24;
  std::uint32_t hash = 0;
  for (const char c : pattern) {
    if (c == ':') {
      return static_cast<std::uint8_t>(hash >> kTopByte);
    }
    if (c == '*' || c == '?') {
      break;
    }
    hash = (hash ^ (static_cast<unsigned char>(c) | kLower)) * kFactor;
  }
  return std::nullopt;
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
    prefixes_.set(*prefix_hash(name));
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

void StepActions::add_covered(std::string_view pattern, ActionSet& out) const {
  if (const auto prefix = prefix_hash(pattern); prefix && !prefixes_.test(*prefix)) {
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
