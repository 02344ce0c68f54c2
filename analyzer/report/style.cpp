#include "report/style.h"

namespace gabion::report {
namespace {

/// Parameters of "select graphic rendition" from the eight basic colours, which every terminal theme defines readably.
std::string_view parameters(Role role) {
  switch (role) {
    case Role::kPlain:
      return "";
    case Role::kStrong:
      return "1";
    case Role::kFrame:
      return "1;34";
    case Role::kCritical:
      return "1;35";
    case Role::kHigh:
    case Role::kError:
      return "1;31";
    case Role::kMedium:
    case Role::kWarning:
      return "1;33";
    case Role::kLow:
    case Role::kNote:
    case Role::kHelp:
      return "1;36";
    case Role::kRemoved:
      return "31";
    case Role::kAdded:
      return "32";
    case Role::kFaint:
      return "2";
  }
  return "";
}

}  // namespace

std::string Style::paint(Role role, std::string_view text) const {
  const std::string_view code = parameters(role);
  if (!colour_ || code.empty() || text.empty()) {
    return std::string(text);
  }
  std::string painted = "\x1b[";
  painted.append(code).append("m").append(text).append("\x1b[0m");
  return painted;
}

std::string Style::link(std::string_view address, std::string_view text) const {
  if (!links_ || address.empty()) {
    return std::string(text);
  }
  std::string linked = "\x1b]8;;";
  linked.append(address).append("\x1b\\").append(text).append("\x1b]8;;\x1b\\");
  return linked;
}

Role role_of(findings::Severity severity) {
  switch (severity) {
    case findings::Severity::kCritical:
      return Role::kCritical;
    case findings::Severity::kHigh:
      return Role::kHigh;
    case findings::Severity::kMedium:
      return Role::kMedium;
    case findings::Severity::kLow:
      break;
  }
  return Role::kLow;
}

}  // namespace gabion::report
