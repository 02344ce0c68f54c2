// What an analysis says about the controls of frameworks (CIS, NIST 800-53 ...) that rules are mapped to. Used by the
// formats for auditors.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace gabion::report {

enum class ControlState : std::uint8_t {
  kPassed,   ///< the rules of the control found nothing, and everything was analysed
  kFailed,   ///< a finding that is not suppressed
  kUnknown,  ///< no finding, but a rule could not decide, or a part was not analysed
};
[[nodiscard]] std::string_view name(ControlState state);

/// A control and what its rules found. A control passes as far as there are rules for it.
struct Control {
  std::string_view framework;
  std::string_view id;
  ControlState state = ControlState::kPassed;
  std::vector<const findings::RuleDescription*> rules;
  std::uint64_t findings = 0;
  std::uint64_t suppressed = 0;
  std::uint64_t undecided = 0;
};

/// The order of people, who compare numbers by their value: "2.2" before "2.10".
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b);

/// Controls of all rules that ran, by framework and number ("1.2" before "1.10").
[[nodiscard]] std::vector<Control> assess(const Report& report);

}  // namespace gabion::report
