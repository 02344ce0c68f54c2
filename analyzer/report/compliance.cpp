#include "report/compliance.h"

#include <algorithm>
#include <map>
#include <utility>

#include "source/ascii.h"

namespace gabion::report {
namespace {

using source::is_digit;

struct Order {
  bool operator()(const std::pair<std::string_view, std::string_view>& a,
                  const std::pair<std::string_view, std::string_view>& b) const {
    return a.first != b.first ? a.first < b.first : natural_less(a.second, b.second);
  }
};

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  const auto number = [](std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    std::size_t size = 0;
    while (size < text.size() && is_digit(text[size])) {
      ++size;
    }
    const std::string_view digits = text.substr(0, size);
    text.remove_prefix(size);
    return std::pair(size, digits);
  };
  std::string_view left = a;
  std::string_view right = b;
  while (!left.empty() && !right.empty()) {
    if (is_digit(left.front()) && is_digit(right.front())) {
      const auto first = number(left);
      const auto second = number(right);
      if (first != second) {
        return first < second;
      }
    } else if (left.front() != right.front()) {
      return left.front() < right.front();
    } else {
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  return left.size() != right.size() ? left.size() < right.size() : a < b;
}

std::string_view name(ControlState state) {
  switch (state) {
    case ControlState::kPassed:
      return "passed";
    case ControlState::kFailed:
      return "failed";
    case ControlState::kUnknown:
      break;
  }
  return "unknown";
}

std::vector<Control> assess(const Report& report) {
  std::map<const findings::RuleDescription*, Control> by_rule;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const findings::Brief finding = report.findings.brief(i);
    Control& sums = by_rule[finding.rule];
    ++(finding.suppressed ? sums.suppressed : sums.findings);
  }
  for (const findings::Unresolved& question : report.undecided) {
    ++by_rule[question.rule].undecided;
  }
  std::map<std::pair<std::string_view, std::string_view>, Control, Order> controls;
  for (const findings::RuleDescription* rule : report.rules) {
    const Control& sums = by_rule[rule];
    for (const auto& [framework, ids] : rule->controls) {
      for (const std::string_view id : ids) {
        Control& control = controls[{framework, id}];
        control.framework = framework;
        control.id = id;
        control.rules.push_back(rule);
        control.findings += sums.findings;
        control.suppressed += sums.suppressed;
        control.undecided += sums.undecided;
      }
    }
  }
  std::vector<Control> result;
  for (auto& [key, control] : controls) {
    const bool open = control.undecided > 0 || report.summary.incomplete;
    control.state = control.findings > 0 ? ControlState::kFailed
                    : open               ? ControlState::kUnknown
                                         : ControlState::kPassed;
    result.push_back(std::move(control));
  }
  return result;
}

}  // namespace gabion::report
