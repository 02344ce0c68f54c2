// Where a name comes from: the declaration of a variable, local, resource, module or output, and for a variable of a
// module also the arguments at the calls and the files that give it a value.
#pragma once

#include "lsp/client_view.h"
#include "lsp/message.h"
#include "lsp/module_view.h"

namespace gabion::lsp {

/// Locations for a place of a file that the latest analysis has read, the nearest origin first; with `links` as
/// LocationLinks. Null when nothing there has an origin.
[[nodiscard]] Json definition(ModuleView& modules, const source::Artifact& artifact, std::uint32_t offset,
                              ClientView& view, bool links);

}  // namespace gabion::lsp
