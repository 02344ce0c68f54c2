// Findings and problems as the diagnostics of the protocol. Session publishes them after each analysis; code actions
// tell by the same grouping which findings a diagnostic stands for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lsp/client_view.h"
#include "lsp/message.h"
#include "lsp/project.h"

namespace gabion::lsp {

/// Findings of one rule at one place with one message: the instances of a resource.
struct FindingGroup {
  const findings::Finding* first = nullptr;
  std::vector<const findings::Finding*> all;
};

/// The findings that are to be shown, those that differ in their instance alone together, in their order.
[[nodiscard]] std::vector<FindingGroup> groups(const std::vector<findings::Finding>& findings);

/// Whether the client takes what is optional in diagnostics.
struct DiagnosticSupport {
  bool related = true;  ///< relatedInformation
  bool tags = true;
  bool description = true;  ///< codeDescription
};

/// The diagnostics of every file that the latest analysis of the project speaks for, by path as it prints them, and of
/// the configuration file when it cannot be used.
[[nodiscard]] std::map<std::string, Json> diagnostics(const Project& project, ClientView& view,
                                                      const DiagnosticSupport& support);

/// One of them.
[[nodiscard]] Json diagnostic(const FindingGroup& group, ClientView& view, const DiagnosticSupport& support);

/// The page to read about a rule; empty when there is none.
[[nodiscard]] std::string_view page_of(const findings::RuleDescription& rule);

}  // namespace gabion::lsp
