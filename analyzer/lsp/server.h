// The language server on two streams: one thread takes messages as they arrive, the other one handles them in order.
// So the second can tell while it works that the client has taken a request back or that the text has changed since.
#pragma once

#include <istream>
#include <ostream>

#include "lsp/project.h"
#include "source/file_system.h"

namespace gabion::lsp {

/// Serves one client until it says exit or its stream ends. Returns the exit status that the protocol asks for: 0 after
/// shutdown, else 1. Nothing else may use the streams meanwhile.
[[nodiscard]] int serve(std::istream& in, std::ostream& out, const source::FileSystem& disk, Surroundings surroundings);

}  // namespace gabion::lsp
