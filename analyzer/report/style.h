// Colours of the terminal output, in one place. Whether colours are wanted at all is decided by the command line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "findings/finding.h"

namespace gabion::report {

/// What a piece of text is; the colour follows from it.
enum class Role : std::uint8_t {
  kPlain,
  kStrong,  ///< messages
  kFrame,   ///< line numbers, bars, arrows
  kCritical,
  kHigh,
  kMedium,
  kLow,
  kError,
  kWarning,
  kNote,
  kHelp,
  kRemoved,
  kAdded,
  kFaint,
};

/// Wraps text in the escape sequences of its role, or leaves it alone.
class Style {
 public:
  explicit Style(bool colour, bool links = false) : colour_(colour), links_(links) {}
  /// The text as a link (OSC 8) where links are wanted. The address consists of the characters that a URI may have.
  [[nodiscard]] std::string link(std::string_view address, std::string_view text) const;
  [[nodiscard]] std::string paint(Role role, std::string_view text) const;
  [[nodiscard]] bool colour() const { return colour_; }

 private:
  bool colour_;
  bool links_;
};

[[nodiscard]] Role role_of(findings::Severity severity);

}  // namespace gabion::report
