// The modules of a project at the moment that somebody asks about a place in them. Made for one request (hover,
// definition, code actions) from what the latest analysis has read, so that nothing is parsed for it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis.h"
#include "lsp/client_view.h"
#include "lsp/project.h"
#include "lsp/syntax_at.h"
#include "terraform/load.h"
#include "terraform/module.h"
#include "terraform/syntax_memory.h"

namespace gabion::lsp {

/// The tree of a file that the latest analysis has read; null for other files and other languages.
[[nodiscard]] const syntax::hcl::Body* tree_of(const source::Artifact& artifact, engine::AnalysisMemory& memory,
                                               const source::Limits& limits);

/// Whether a file is in Terraform's native syntax, so that comments can be added to it.
[[nodiscard]] bool takes_comments(std::string_view path);

class ModuleView {
 public:
  /// The request is borrowed.
  ModuleView(const engine::AnalysisRequest& request, engine::AnalysisMemory& memory);
  ModuleView(const ModuleView&) = delete;
  ModuleView& operator=(const ModuleView&) = delete;

  /// False when the files cannot be listed.
  [[nodiscard]] bool ready() const { return workspace_ != nullptr; }
  [[nodiscard]] terraform::Workspace& workspace() { return *workspace_; }
  [[nodiscard]] engine::AnalysisMemory& memory() { return memory_; }
  [[nodiscard]] const engine::AnalysisRequest& request() const { return request_; }

  /// The artifact of a path as printed, or null.
  [[nodiscard]] const source::Artifact* artifact(std::string_view path) const;
  [[nodiscard]] const syntax::hcl::Body* tree(const source::Artifact& artifact) const;
  /// Directories that have to be evaluated for the values in one of them: its root modules, or what calls it if no root
  /// does.
  [[nodiscard]] std::vector<std::string> roots_of(const std::string& directory) const;
  /// The names of the files of a directory that were found, as printed.
  [[nodiscard]] std::vector<std::string> files_in(std::string_view directory) const;

 private:
  const engine::AnalysisRequest& request_;
  engine::AnalysisMemory& memory_;
  std::optional<source::Inventory> inventory_;
  std::unique_ptr<terraform::Workspace> workspace_;
};

}  // namespace gabion::lsp
