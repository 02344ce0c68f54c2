#include "terraform/load.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "source/hash.h"
#include "terraform/expansion.h"
#include "terraform/found_secrets.h"
#include "terraform/library.h"
#include "terraform/module_instance.h"
#include "terraform/read_texts.h"
#include "terraform/source_files.h"

namespace gabion::terraform {

namespace {

/// Blocks of one kind inside a body.
template <class Visit>
void for_each_block(const hcl::Body& body, std::string_view type, const Visit& visit) {
  for (const hcl::Block& block : body.blocks) {
    if (block.type == type) {
      visit(block);
    }
  }
}

/// The one workspace of HCP Terraform that a root module is for: terraform { cloud { workspaces { name = ... } } }.
std::optional<std::string> cloud_workspace(const Module& module) {
  std::optional<std::string> name;
  for (const hcl::Block* settings : module.other_blocks) {
    if (settings->type != "terraform") {
      continue;
    }
    for_each_block(*settings->body, "cloud", [&](const hcl::Block& cloud) {
      for_each_block(*cloud.body, "workspaces", [&](const hcl::Block& workspaces) {
        const hcl::Attribute* attribute = workspaces.body->attribute("name");
        const auto text = attribute == nullptr ? std::nullopt : literal_text(*attribute->expression);
        name = text ? std::optional<std::string>(*text) : name;
      });
    });
  }
  return name;
}

/// The workspace that somebody named, as Terraform looks for it; nothing when nobody did.
std::optional<std::string> current_workspace(Library& library, const std::string& directory,
                                             const NamedEnvironment* environment) {
  const Options& options = library.options();
  if (options.workspace) {
    return options.workspace;
  }
  if (environment != nullptr && environment->workspace) {
    return environment->workspace;
  }
  if (const auto given = options.environment.find("TF_WORKSPACE");
      given != options.environment.end() && !given->second.empty()) {
    return given->second;
  }
  // What `terraform workspace select` left behind.
  constexpr std::uint64_t kMaxName = 1024;
  const std::string file = source::join_path(library.data_directory(directory), "environment");
  library.looked_at(file);
  auto text = library.files().read(file, kMaxName);
  const bool moved = options.environment.contains("TF_DATA_DIR");
  if (text && !moved && !library.may_read(file)) {
    text->clear();  // a link to something else
  }
  constexpr const char* kSpace = " \t\r\n";
  const std::size_t begin = text ? text->find_first_not_of(kSpace) : std::string::npos;
  if (begin != std::string::npos) {
    return text->substr(begin, text->find_last_not_of(kSpace) + 1 - begin);
  }
  const Module* module = library.module(directory);
  return module == nullptr ? std::nullopt : cloud_workspace(*module);
}

/// Declarations that could not be evaluated.
std::size_t count_problems(const model::Configuration& configuration) {
  return static_cast<std::size_t>(std::count_if(configuration.diagnostics().begin(), configuration.diagnostics().end(),
                                                [](const findings::Diagnostic& diagnostic) {
                                                  return diagnostic.severity != findings::DiagnosticSeverity::kNote;
                                                }));
}

}  // namespace

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
                     const source::Inventory& inventory, Options options, SyntaxMemory* memory, bool passing)
    : library_(std::make_unique<Library>(files, artifacts, inventory, std::move(options), memory)) {
  const bool data_elsewhere = library_->options().environment.contains("TF_DATA_DIR");
  library_->read_ahead(passing && !data_elsewhere);
  if (library_->passing().empty()) {
    find_roots();
  }
  // Where files are kept elsewhere, all may be read from there, whichever root module is evaluated first.
  if (data_elsewhere) {
    for (const std::string& root : roots_) {
      library_->allow(library_->data_directory(root));
    }
  }
}

void Workspace::find_roots() {
  const auto note = [&](const std::string& caller, const std::vector<std::string>& called) {
    std::ranges::for_each(called, [&](const std::string& target) { callers_[target].insert(caller); });
  };
  for (const std::string& directory : library_->directories()) {
    if (const Library::Visited* const visited = library_->visited(directory)) {
      note(directory, visited->called);
    } else if (const Module* const module = library_->module(directory)) {
      note(directory, library_->called_by(*module));
    }
  }
  for (const std::string& directory : library_->directories()) {
    if (!callers_.contains(directory) && holds_module(directory)) {
      roots_.push_back(directory);
    }
  }
}

bool Workspace::holds_module(const std::string& directory) const {
  const Library::Visited* const visited = library_->visited(directory);
  return visited != nullptr ? visited->is_module : library_->module(directory) != nullptr;
}

const std::vector<std::string>& Workspace::passing() const {
  return library_->passing();
}

std::optional<VisitRecord> Workspace::visit(const std::string& directory, FoundSecrets& found,
                                            const std::function<void()>& look) {
  Library::Visit visit(*library_, directory);
  bool harmless = true;
  std::set<std::string> sensitive;
  std::set<std::string> texts;
  for (const Library::VisitedFile& file : visit.files()) {
    harmless = found.look_at(*file.body, *file.artifact, sensitive) && harmless;
    add_read_texts(*file.body, *file.artifact, texts);
  }
  found.add_texts(texts);
  look();
  if (!harmless) {
    return std::nullopt;
  }
  visit.record().sensitive = std::move(sensitive);
  visit.record().texts = std::move(texts);
  return std::move(visit.record());
}

void Workspace::end_evaluations() {
  library_->end_evaluations();
}

const hcl::Body* Workspace::whole_tree(const source::Artifact& artifact) const {
  return library_->whole_tree(artifact);
}

bool Workspace::recall_visit(const std::string& directory, const VisitRecord& record, FoundSecrets& found) {
  std::vector<const source::Artifact*> files;
  for (const std::string& path : record.files) {
    files.push_back(library_->artifacts().find(path));
    if (files.back() == nullptr) {
      return false;
    }
  }
  for (const source::Artifact* const file : files) {
    found.recall_harmless(*file);
  }
  found.recall_sensitive(record.sensitive);
  found.add_texts(record.texts);
  library_->note_visit(directory, record);
  return true;
}

void Workspace::give_up_visit(const std::string& directory) {
  if (library_->visited(directory) == nullptr) {
    VisitRecord nothing;
    nothing.is_module = true;
    library_->note_visit(directory, nothing);
  }
}

void Workspace::end_visits() {
  if (!library_->passing().empty()) {
    find_roots();
  }
}

Workspace::~Workspace() = default;

const std::vector<std::string>& Workspace::roots() const {
  return roots_;
}

std::vector<std::string> Workspace::unreached() const {
  std::vector<std::string> missing;
  for (const std::string& directory : library_->directories()) {
    if (holds_module(directory) && !std::binary_search(roots_.begin(), roots_.end(), directory) &&
        !reached_.contains(directory)) {
      missing.push_back(directory);
    }
  }
  return missing;
}

std::vector<std::string> Workspace::callers(std::span<const std::string> directories) const {
  std::set<std::string> known;
  std::vector<std::string> waiting;
  for (const std::string& directory : directories) {
    waiting.push_back(library_->known_spelling(source::join_path(".", directory)));
  }
  while (!waiting.empty()) {
    const std::string directory = std::move(waiting.back());
    waiting.pop_back();
    if (!known.insert(directory).second) {
      continue;
    }
    if (const auto found = callers_.find(directory); found != callers_.end()) {
      waiting.insert(waiting.end(), found->second.begin(), found->second.end());
    }
  }
  std::erase_if(known, [&](const std::string& directory) {
    return !std::binary_search(library_->directories().begin(), library_->directories().end(), directory);
  });
  return {known.begin(), known.end()};
}

void Workspace::set_observer(eval::Observer* observer) {
  library_->set_observer(observer);
}

const Module* Workspace::module(const std::string& directory) const {
  return library_->module(library_->known_spelling(source::join_path(".", directory)));
}

std::vector<std::pair<const Module*, const CallDeclaration*>> Workspace::calls_of(const std::string& directory) const {
  std::vector<std::pair<const Module*, const CallDeclaration*>> result;
  const std::string called = library_->known_spelling(source::join_path(".", directory));
  const auto known = callers_.find(called);
  for (const std::string& caller : known == callers_.end() ? std::set<std::string>() : known->second) {
    const Module* module = library_->module(caller);
    for (const CallDeclaration& call : module->calls) {
      if (!call.directory.empty() && library_->known_spelling(call.directory) == called) {
        result.emplace_back(module, &call);
      }
    }
  }
  return result;
}

bool Workspace::is_module(const std::string& directory) const {
  return library_->module(library_->known_spelling(source::join_path(".", directory))) != nullptr;
}

std::vector<const NamedEnvironment*> Workspace::environments(const std::string& directory) const {
  std::vector<const NamedEnvironment*> applying;
  const auto canonical = library_->files().canonical(directory);
  for (const NamedEnvironment& environment : library_->options().environments) {
    const bool applies =
        environment.roots.empty() ||
        (canonical && std::any_of(environment.roots.begin(), environment.roots.end(), [&](const std::string& root) {
           const auto above = library_->files().canonical(root);
           return above && is_within(*canonical, *above);
         }));
    if (applies) {
      applying.push_back(&environment);
    }
  }
  if (applying.empty()) {
    applying.push_back(nullptr);
  }
  return applying;
}

void Workspace::reach(const std::set<std::string>& directories) {
  const std::lock_guard lock(reached_mutex_);
  reached_.insert(directories.begin(), directories.end());
}

std::unique_ptr<model::Configuration> Workspace::evaluate(const std::string& directory,
                                                          const NamedEnvironment* environment, RootReads* reads) {
  RootReads unread;
  RootReads& looked_at = reads != nullptr ? *reads : unread;
  looked_at = {};
  const Library::Watch watch(*library_, looked_at);
  const std::string spelling = library_->known_spelling(source::join_path(".", directory));
  const auto reach = [&](const std::set<std::string>& directories) {
    looked_at.reached.insert(directories.begin(), directories.end());
    this->reach(directories);
  };
  reach({spelling});  // also when memory runs out below
  const RootChoice choice{environment, current_workspace(*library_, spelling, environment)};
  Expansion expansion(*library_, spelling, choice);
  auto configuration = expansion.finish();
  reach(expansion.reached());
  if (choice.workspace || !expansion.workspace_asked()) {
    return configuration;
  }
  const std::size_t problems = count_problems(*configuration);
  if (problems == 0) {
    return configuration;
  }
  // Nobody said which workspace is meant, and "default" may be none that the configuration is made for.
  RootChoice open = choice;
  open.workspace_is_open = true;
  Expansion other(*library_, spelling, open);
  auto again = other.finish();
  if (count_problems(*again) >= problems) {
    return configuration;
  }
  reach(other.reached());
  again->mutable_diagnostics().push_back(
      {findings::DiagnosticSeverity::kNote,
       "workspace-unknown",
       "terraform.workspace is taken as unknown in " + spelling + ": \"default\" makes evaluation fail there",
       "name the workspace with --workspace, TF_WORKSPACE or an environment in .gabion.yaml",
       other.workspace_asked_at(),
       {}});
  return again;
}

void Workspace::recall(const RootReads& reads) {
  for (const std::string& directory : reads.allowed) {
    library_->allow(directory);
  }
  for (const std::string& directory : reads.modules) {
    if (!library_->is_passing(directory)) {
      (void)library_->module(directory);
    }
  }
  for (const std::string& path : reads.attributes) {
    (void)library_->attributes_file(path);
  }
  for (const std::string& path : reads.files) {
    (void)library_->artifact(path);
  }
  for (const auto& [source, version] : reads.outlines) {
    (void)library_->outline(source, version, {});
  }
  reach(reads.reached);
}

std::unique_ptr<model::Configuration> Workspace::files(secrets::Redactor& redactor) const {
  return files(redactor, FoundSecrets(redactor.detector()));
}

std::unique_ptr<model::Configuration> Workspace::files(secrets::Redactor& redactor, const FoundSecrets& found) const {
  return read_source_files(*library_, redactor, found);
}

std::unordered_set<std::string> Workspace::copies() const {
  std::unordered_map<std::string, std::size_t> contents;  // of directories, whatever their files are called
  for (const source::DiscoveredFile& file : library_->project_files()) {
    const source::Artifact* artifact = library_->artifacts().find(file.path);
    const bool is_configuration =
        file.kind == source::FileKind::kTerraform || file.kind == source::FileKind::kTerraformJson;
    if (artifact != nullptr && is_configuration) {
      contents[source::directory_of(file.path)] += artifact->hash();
    }
  }
  std::unordered_map<std::size_t, std::size_t> counts;
  for (const auto& [directory, sum] : contents) {
    ++counts[sum];
  }
  std::unordered_set<std::string> result;
  for (const auto& [directory, sum] : contents) {
    if (counts[sum] > 1) {
      result.insert(directory);
    }
  }
  return result;
}

std::unique_ptr<Session> Workspace::open(const std::string& directory, const NamedEnvironment* environment) {
  const std::string spelling = library_->known_spelling(source::join_path(".", directory));
  return std::make_unique<Session>(std::make_unique<Expansion>(
      *library_, spelling, RootChoice{environment, current_workspace(*library_, spelling, environment)}));
}

const findings::Diagnostics& Workspace::diagnostics() const {
  return library_->diagnostics();
}
std::uint32_t Workspace::file_count() const {
  return library_->file_count();
}

}  // namespace gabion::terraform
