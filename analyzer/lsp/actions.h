// What can be done about the findings at a place: fixes that were proved by analysing the changed files again, and a
// comment that suppresses the finding. Worked out only when the editor asks.
#pragma once

#include "lsp/client_view.h"
#include "lsp/message.h"
#include "lsp/project.h"

namespace gabion::lsp {

/// What the client takes in code actions.
struct ActionSupport {
  bool document_changes = false;  ///< edits of versions of documents
  bool create_files = false;
  bool disabled = false;  ///< actions that cannot be carried out, with the reason
};

/// CodeActions for the findings that a range touches. Fixes that are not safe say so in their titles; those by hand
/// have no edit and are given only where the client shows actions that are disabled. The project is up to date; empty
/// when somebody gave up meanwhile.
[[nodiscard]] Json code_actions(Project& project, const Document& document, const Range& range,
                                const Documents& documents, Encoding encoding, const ActionSupport& support,
                                const Obsolete& obsolete);

}  // namespace gabion::lsp
