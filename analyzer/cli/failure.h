// How commands end when they cannot start: the errors for people on standard error and, where a program reads standard
// output, the usual document with nothing in it. Called by the commands, and by run() for wrong usage.
#pragma once

#include <span>

#include "cli/options.h"
#include "cli/setup.h"

namespace gabion::cli {

/// Writes only the document for programs, if the options ask for one.
void write_failure_document(const Options& options, std::span<const source::Error> errors, std::ostream& out);

/// Says that memory ran out and returns kIncomplete; for when what was using it is gone. The document for programs is
/// written unless a part of the output is there already.
[[nodiscard]] int fail_for_memory(const Options& options, Environment& environment, bool output_began);

/// Prints the errors, writes the document and returns kUsage.
[[nodiscard]] int fail(const Options& options, std::span<const source::Error> errors, Environment& environment);

}  // namespace gabion::cli
