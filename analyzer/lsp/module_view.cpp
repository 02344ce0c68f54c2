#include "lsp/module_view.h"

#include <algorithm>

namespace gabion::lsp {

using source::FileKind;

const syntax::hcl::Body* tree_of(const source::Artifact& artifact, engine::AnalysisMemory& memory,
                                 const source::Limits& limits) {
  switch (source::kind_of(source::name_of(artifact.path()))) {
    case FileKind::kTerraform:
    case FileKind::kTerraformVariables:
    case FileKind::kHcl:
      return memory.syntax().parse(artifact, terraform::FileForm::kHcl, limits).body;
    case FileKind::kTerraformJson:
      return memory.syntax().parse(artifact, terraform::FileForm::kJsonConfiguration, limits).body;
    case FileKind::kTerraformVariablesJson:
      return memory.syntax().parse(artifact, terraform::FileForm::kJsonVariables, limits).body;
    case FileKind::kJson:
    case FileKind::kYaml:
    case FileKind::kTerraformState:
    case FileKind::kOther:
      break;
  }
  return nullptr;
}

bool takes_comments(std::string_view path) {
  const FileKind kind = source::kind_of(source::name_of(path));
  return kind == FileKind::kTerraform || kind == FileKind::kTerraformVariables || kind == FileKind::kHcl;
}

ModuleView::ModuleView(const engine::AnalysisRequest& request, engine::AnalysisMemory& memory)
    : request_(request), memory_(memory) {
  auto inventory = source::discover(request.files, request.paths, request.discovery);
  if (inventory) {
    inventory_ = std::move(*inventory);
    workspace_ = std::make_unique<terraform::Workspace>(request.files, memory.artifacts(), *inventory_,
                                                        request.terraform, &memory.syntax());
  }
}

const source::Artifact* ModuleView::artifact(std::string_view path) const {
  return memory_.artifacts().find(path);
}

const syntax::hcl::Body* ModuleView::tree(const source::Artifact& artifact) const {
  return tree_of(artifact, memory_, request_.terraform.limits);
}

std::vector<std::string> ModuleView::roots_of(const std::string& directory) const {
  const std::vector<std::string> callers = workspace_->callers({&directory, 1});
  std::vector<std::string> roots;
  std::copy_if(callers.begin(), callers.end(), std::back_inserter(roots), [&](const std::string& caller) {
    return std::binary_search(workspace_->roots().begin(), workspace_->roots().end(), caller);
  });
  return roots.empty() && workspace_->is_module(directory) ? std::vector<std::string>{directory} : roots;
}

std::vector<std::string> ModuleView::files_in(std::string_view directory) const {
  std::vector<std::string> found;
  for (const source::DiscoveredFile& file : inventory_->files) {
    if (source::directory_of(file.path) == directory) {
      found.push_back(file.path);
    }
  }
  return found;
}

}  // namespace gabion::lsp
