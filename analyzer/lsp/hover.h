// What the editor shows at a place: what is written there evaluates to, and help on the findings there.
#pragma once

#include "lsp/client_view.h"
#include "lsp/message.h"
#include "lsp/module_view.h"

namespace gabion::lsp {

/// {contents, range} for a place of a file that the latest analysis has read, or null when there is nothing to say.
/// Secrets are left out, unknown values are said to be unknown. `result` are the latest findings.
[[nodiscard]] Json hover(ModuleView& modules, const engine::AnalysisResult& result, const source::Artifact& artifact,
                         std::uint32_t offset, ClientView& view);

}  // namespace gabion::lsp
