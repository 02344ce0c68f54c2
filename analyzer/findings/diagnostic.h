// A problem with the input itself (it could not be read, parsed, evaluated), as data. Every step of the
// pipeline returns something usable and the diagnostics it met.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "source/region.h"

namespace gabion::findings {

enum class DiagnosticSeverity : std::uint8_t {
  kError,    ///< part of the input was not analysed: the run is incomplete (exit status 3)
  kWarning,  ///< analysed, but probably not what the author meant
  kNote,     ///< coverage remark, for example a module that is not downloaded
};

/// One problem. Message: what was seen, lower case, no full stop; hint: what to do about it.
struct Diagnostic {
  DiagnosticSeverity severity = DiagnosticSeverity::kError;
  std::string code;  ///< stable kebab-case name, for example "hcl-unclosed-block"
  std::string message;
  std::string hint;
  source::Region region;                    ///< invalid when the problem has no place
  std::string path;                         ///< file it is about when there is no artifact (unreadable), else empty
  std::vector<std::string> environments{};  ///< in which it was met, where that makes a difference
};

using Diagnostics = std::vector<Diagnostic>;

}  // namespace gabion::findings
