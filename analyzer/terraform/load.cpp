#include "terraform/load.h"

#include <algorithm>
#include <set>
#include <utility>

#include "terraform/expansion.h"
#include "terraform/library.h"
#include "terraform/module_instance.h"

namespace gabion::terraform {

Session::Session(std::unique_ptr<Expansion> expansion) : expansion_(std::move(expansion)) {}
Session::~Session() = default;

const eval::Scope& Session::scope() const {
  return expansion_->root();
}
eval::Context Session::context() const {
  return expansion_->context();
}
const findings::Diagnostics& Session::diagnostics() const {
  return expansion_->configuration().diagnostics();
}

Workspace::Workspace(const source::FileSystem& files, source::ArtifactStore& artifacts,
                     const source::Inventory& inventory, Options options)
    : library_(std::make_unique<Library>(files, artifacts, inventory, std::move(options))) {
  std::set<std::string> called;
  for (const std::string& directory : library_->directories()) {
    const Module* module = library_->module(directory);
    if (module == nullptr) {
      continue;
    }
    for (const CallDeclaration& call : module->calls) {
      if (!call.directory.empty()) {
        std::string target = library_->known_spelling(call.directory);
        if (target != directory) {
          called.insert(std::move(target));
        }
      }
    }
  }
  for (const std::string& directory : library_->directories()) {
    if (!called.contains(directory) && library_->module(directory) != nullptr) {
      roots_.push_back(directory);
    }
  }
}

Workspace::~Workspace() = default;

const std::vector<std::string>& Workspace::roots() const {
  return roots_;
}

std::vector<std::string> Workspace::unreached() const {
  std::vector<std::string> missing;
  for (const std::string& directory : library_->directories()) {
    if (library_->module(directory) != nullptr && !std::binary_search(roots_.begin(), roots_.end(), directory) &&
        !reached_.contains(directory)) {
      missing.push_back(directory);
    }
  }
  return missing;
}

bool Workspace::is_module(const std::string& directory) const {
  return library_->module(library_->known_spelling(source::join_path(".", directory))) != nullptr;
}

std::unique_ptr<model::Configuration> Workspace::evaluate(const std::string& directory) {
  Expansion expansion(*library_, library_->known_spelling(source::join_path(".", directory)));
  auto configuration = expansion.finish();
  reached_.insert(expansion.reached().begin(), expansion.reached().end());
  return configuration;
}

std::unique_ptr<Session> Workspace::open(const std::string& directory) {
  return std::make_unique<Session>(
      std::make_unique<Expansion>(*library_, library_->known_spelling(source::join_path(".", directory))));
}

const findings::Diagnostics& Workspace::diagnostics() const {
  return library_->diagnostics();
}
std::uint32_t Workspace::file_count() const {
  return library_->file_count();
}

}  // namespace gabion::terraform
