#include "engine/policy_readings.h"

#include <optional>
#include <utility>

namespace gabion::engine {

using eval::Value;

bool PolicyReadings::put_together(const Value& policy) {
  return (policy.is_string() || policy.is_unknown()) && policy.detail() != nullptr &&
         policy.detail()->encoded != nullptr;
}

const PolicyReadings::Read* PolicyReadings::known(const Value& policy) const {
  const auto found = reads_.find(&policy.node());
  const bool same = found != reads_.end() && (found->second.origin == policy.origin() || put_together(policy));
  return same ? &found->second : nullptr;
}

PolicyReadings::Reading PolicyReadings::find(const Value& policy) const {
  const Read* const read = known(policy);
  return read == nullptr ? nullptr : read->reading;
}

PolicyReadings::Reading PolicyReadings::find_unresolved(const Value& policy) const {
  const Read* const read = known(policy);
  return read == nullptr || read->resolved ? nullptr : read->reading;
}

PolicyReadings::Reading PolicyReadings::read(const Value& policy, const iam::ReadOptions& options) {
  if (const Read* const read = known(policy)) {
    return read->reading;
  }
  Read made{.origin = policy.origin(), .reading = {}, .resolved = false};
  iam::ReadOptions noting = options;
  noting.resolve = [&](const eval::Symbol& symbol) {
    std::optional<iam::Text> text = options.resolve ? options.resolve(symbol) : std::nullopt;
    made.resolved = made.resolved || text.has_value();
    return text;
  };
  made.reading = std::make_shared<const iam::PolicyReading>(iam::read_policy(policy, noting));
  return (reads_[&policy.node()] = std::move(made)).reading;
}

void PolicyReadings::add(const Value& policy, Reading reading) {
  reads_.insert_or_assign(&policy.node(), Read{.origin = policy.origin(), .reading = std::move(reading)});
}

}  // namespace gabion::engine
