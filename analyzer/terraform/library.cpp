#include "terraform/library.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "source/project_root.h"
#include "source/workers.h"
#include "syntax/hcl/copy.h"
#include "syntax/hcl/parser.h"
#include "terraform/local_sources.h"
#include "terraform/module_declaration.h"
#include "terraform/outlines.h"
#include "terraform/overrides.h"

namespace gabion::terraform {
namespace {

using findings::DiagnosticSeverity;
using source::FileKind;

/// "x.tf" for "x.tofu", "x.tf.json" for "x.tofu.json"; empty for other names.
std::string replaced_name(std::string_view name) {
  for (const auto& [tofu, terraform] : {std::pair<std::string_view, std::string_view>{".tofu.json", ".tf.json"},
                                        std::pair<std::string_view, std::string_view>{".tofu", ".tf"}}) {
    if (name.ends_with(tofu)) {
      return std::string(name.substr(0, name.size() - tofu.size())) + std::string(terraform);
    }
  }
  return {};
}

/// Configuration files among the names of a directory; a .tofu file takes the place of the .tf file of its name.
std::vector<std::string> configuration_names(const std::vector<std::string>& names) {
  std::unordered_set<std::string> replaced;
  for (const std::string& name : names) {
    if (std::string other = replaced_name(name); !other.empty()) {
      replaced.insert(std::move(other));
    }
  }
  std::vector<std::string> chosen;
  for (const std::string& name : names) {
    // Editors leave such files beside the real ones; Terraform skips them too.
    const bool temporary =
        name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    if (!temporary && source::is_configuration(source::kind_of(name)) && !replaced.contains(name)) {
      chosen.push_back(name);
    }
  }
  return chosen;
}

/// A text that so many files have is parsed once.
constexpr std::uint32_t kOften = 3;
/// Bytes of texts of which trees are kept, so that memory does not grow with a repository.
constexpr std::size_t kMostRepeated = std::size_t{256} * 1024;

/// Says of attributes of a configuration file that they are none.
void note_attributes(const hcl::Body& body, findings::Diagnostics& diagnostics) {
  for (const hcl::Attribute& attribute : body.attributes) {
    diagnostics.push_back({.severity = DiagnosticSeverity::kWarning,
                           .code = "unexpected-attribute",
                           .message = "\"" + std::string(attribute.name) + "\" stands outside of any block",
                           .hint = "move it into a block; a configuration file holds blocks only",
                           .region = attribute.name_region(),
                           .path = {}});
  }
}

}  // namespace

bool is_within(std::string_view path, std::string_view directory) {
  return path == directory || directory == "/" ||
         (path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/');
}

namespace {
// Which thread asks says nothing else but this. NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
thread_local const Library::Watch* watching = nullptr;  // the innermost one
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
thread_local Library::Visit* visit_at_hand = nullptr;
}  // namespace

struct Library::Space {
  source::Arena arena{std::size_t{256} * 1024};
  std::deque<source::Artifact> texts;  ///< unescaped JSON strings that were parsed
};

Library::Watch::Watch(Library& library, RootReads& reads) : before_(watching), library_(&library), reads_(&reads) {
  watching = this;
}
Library::Watch::~Watch() {
  watching = before_;
}

const Library::Visit* Library::visiting() const {
  return visit_at_hand != nullptr && &visit_at_hand->library_ == this ? visit_at_hand : nullptr;
}

void Library::end_evaluations() {
  if (visiting() != nullptr) {
    visit_at_hand->end_evaluations();
  }
}

RootReads* Library::watched() const {
  return watching != nullptr && watching->library_ == this ? watching->reads_ : nullptr;
}

Library::Library(const source::FileSystem& files, source::ArtifactStore& artifacts, const source::Inventory& inventory,
                 Options options, SyntaxMemory* memory)
    : files_(files),
      artifacts_(artifacts),
      options_(std::move(options)),
      memory_(memory),
      budget_(options_.limits),
      worker_memory_(std::max<std::size_t>(1, options_.jobs)),
      files_of_project_(inventory.files),
      states_(inventory.states) {
  for (const source::DiscoveredFile& file : inventory.files) {
    project_files_.insert(file.path);
    if (is_configuration(file.kind)) {
      directory_set_.insert(source::directory_of(file.path));
    }
  }
  directories_.assign(directory_set_.begin(), directory_set_.end());
  std::sort(directories_.begin(), directories_.end());
  project_directories_.insert(inventory.directories.begin(), inventory.directories.end());
  for (const std::string& directory : std::span(inventory.directories).first(inventory.roots)) {
    allow_project(directory);
  }
  for (const std::string& directory : directories_) {
    if (!project_directories_.contains(directory)) {
      allow_project(directory);
    }
  }
}

Library::~Library() = default;

void Library::read_ahead(bool passing) {
  if (memory_ != nullptr) {
    return;  // most of it is known already
  }
  struct Waiting {
    const std::string* directory = nullptr;
    std::string path;
    std::optional<std::string> bytes;
    const source::Artifact* artifact = nullptr;
    FileForm form = FileForm::kHcl;
    ParsedFile parsed;
  };
  // In the order in which module() asks for them, which is that of their ids.
  std::vector<Waiting> waiting;
  for (const std::string& directory : directories_) {
    const std::vector<std::string>& names =
        names_.emplace(directory, configuration_names(file_names(directory))).first->second;
    for (const std::string& name : names) {
      Waiting file;
      file.directory = &directory;
      file.path = source::join_path(directory, name);
      file.form = source::kind_of(name) == FileKind::kTerraformJson ? FileForm::kJsonConfiguration : FileForm::kHcl;
      waiting.push_back(std::move(file));
    }
  }
  source::work_on(waiting.size(), files_.is_concurrent() ? options_.jobs : 1, [&](std::size_t index, std::size_t) {
    if (auto bytes = files_.read(waiting[index].path, options_.limits.file_bytes)) {
      waiting[index].bytes = std::move(*bytes);
    }
  });
  // Whoever asks for what cannot be read says so.
  std::erase_if(waiting, [](const Waiting& file) { return !file.bytes; });
  for (Waiting& file : waiting) {
    file.artifact = &artifacts_.add(file.path, std::move(*file.bytes), role_of(file.path));
    ++repeated_[file.artifact].files;
  }
  std::erase_if(repeated_, [](const auto& text) { return text.second.files < kOften; });
  std::vector<std::string> unclear;  // directories of which only a parser can tell whom they call
  if (passing) {
    std::unordered_set<std::string> kept;
    for (const Waiting& file : waiting) {
      const LocalSources sources = local_sources(file.artifact->bytes());
      if (!sources.complete && kept.insert(*file.directory).second) {
        unclear.push_back(*file.directory);
      }
      for (const std::string_view text : sources.texts) {
        std::string target = known_spelling(source::join_path(*file.directory, text));
        if (target != *file.directory) {
          kept.insert(std::move(target));
        }
      }
    }
    // Few of them are quicker to parse by many threads.
    constexpr std::size_t kFewPerThread = 8;
    if (options_.jobs == 1 ||
        directories_.size() - std::min(kept.size(), directories_.size()) >= options_.jobs * kFewPerThread) {
      std::ranges::copy_if(directories_, std::back_inserter(passing_),
                           [&](const std::string& directory) { return !kept.contains(directory); });
    }
    std::erase_if(waiting, [&](const Waiting& file) { return is_passing(*file.directory); });
  }
  source::work_on(waiting.size(), options_.jobs, [&](std::size_t index, std::size_t worker) {
    Waiting& file = waiting[index];
    WorkerMemory& memory = worker_memory_[worker];
    file.parsed = made_tree(*file.artifact, file.form, memory.arena, memory.texts);
  });
  parsed_.reserve(waiting.size());
  for (Waiting& file : waiting) {
    parsed_.emplace(file.artifact, std::move(file.parsed));
  }
  for (const std::string& directory : unclear) {
    if (const Module* const module = this->module(directory)) {
      for (const std::string& called : called_by(*module)) {
        std::erase(passing_, called);
      }
    }
  }
}

ParsedFile Library::made_tree(const source::Artifact& artifact, FileForm form, source::Arena& arena,
                              std::deque<source::Artifact>& texts) {
  const auto found = form == FileForm::kHcl ? repeated_.find(&artifact) : repeated_.end();
  if (found == repeated_.end()) {
    return parse_file(artifact, form, arena, options_.limits, texts);
  }
  const source::Artifact& first = *found->first;
  const hcl::Body* body = nullptr;
  {
    const std::lock_guard lock(repeated_mutex_);
    Repeated& known = found->second;
    if (!known.parsed && repeated_bytes_ + first.bytes().size() <= kMostRepeated) {
      const ParsedFile parsed = parse_file(first, form, repeated_arena_, options_.limits, texts);
      known.body = parsed.diagnostics.empty() ? parsed.body : nullptr;  // what is wrong is said for each file
      repeated_bytes_ += first.bytes().size();
    }
    known.parsed = true;
    body = known.body;
  }
  if (body == nullptr) {
    return parse_file(artifact, form, arena, options_.limits, texts);
  }
  ParsedFile result;
  result.body = hcl::copy_tree(*body, first, artifact, arena);
  return result;
}

std::vector<std::string> Library::called_by(const Module& module) {
  std::vector<std::string> called;
  for (const CallDeclaration& call : module.calls) {
    std::string target = call.directory.empty() ? module.directory : known_spelling(call.directory);
    if (target != module.directory && std::ranges::find(called, target) == called.end()) {
      called.push_back(std::move(target));
    }
  }
  return called;
}

bool Library::is_passing(const std::string& directory) const {
  return std::ranges::binary_search(passing_, directory);
}

const Library::Visited* Library::visited(const std::string& directory) const {
  const std::lock_guard lock(mutex_);
  const auto found = visited_.find(directory);
  return found == visited_.end() ? nullptr : &found->second;
}

std::unique_ptr<Library::Space> Library::take_space() {
  const std::lock_guard lock(mutex_);
  if (spaces_.empty()) {
    spaces_.reserve(worker_memory_.size());
    return std::make_unique<Space>();
  }
  std::unique_ptr<Space> space = std::move(spaces_.back());
  spaces_.pop_back();
  return space;
}

Library::Visit::Visit(Library& library, const std::string& directory)
    : library_(library),
      directory_(directory),
      space_(library.take_space()),
      symbols_(space_->arena),
      budget_(library.options_.limits) {
  findings::Diagnostics& diagnostics = record_.diagnostics;
  const auto body_of = [&](const std::string& path, FileForm form) -> const hcl::Body* {
    const auto artifact = library.artifact(path);
    if (!artifact) {
      library.report_unreadable(path, artifact.error());
      return nullptr;
    }
    record_.files.push_back(path);
    ParsedFile parsed = library.made_tree(**artifact, form, space_->arena, space_->texts);
    diagnostics.insert(diagnostics.end(), std::make_move_iterator(parsed.diagnostics.begin()),
                       std::make_move_iterator(parsed.diagnostics.end()));
    if (parsed.body != nullptr) {
      files_.push_back({*artifact, parsed.body});
    }
    return parsed.body;
  };
  const Written written = library.written(directory, body_of, space_->arena, diagnostics);
  eval::Context context{space_->arena, symbols_, budget_, library.options_.limits};
  module_ = library.made_of(written, directory, context, diagnostics);
  if (module_ != nullptr) {
    record_.is_module = true;
    record_.called = library.called_by(*module_);
  }
  library.note_visit(directory, record_);
  visit_at_hand = this;
}

void Library::note_visit(const std::string& directory, const VisitRecord& record) {
  const std::lock_guard lock(mutex_);
  visited_[directory] = {record.is_module, record.called};
  file_count_ += static_cast<std::uint32_t>(record.files.size());
  diagnostics_.insert(diagnostics_.end(), record.diagnostics.begin(), record.diagnostics.end());
}

void Library::Visit::end_evaluations() {
  if (module_ != nullptr) {
    module_->end_evaluations();
  }
}

Library::Visit::~Visit() {
  visit_at_hand = nullptr;
  module_.reset();
  space_->texts.clear();
  space_->arena.clear();
  const std::lock_guard lock(library_.mutex_);
  if (library_.spaces_.size() < library_.spaces_.capacity()) {
    library_.spaces_.push_back(std::move(space_));
  }
}

/// Looked for only where nothing is readable yet, so once per given path.
void Library::allow_project(const std::string& directory) {
  auto canonical = files_.canonical(directory);
  if (canonical && !is_readable(*canonical)) {
    readable_.push_back(source::project_root(files_, *canonical));
  }
}

void Library::report(DiagnosticSeverity severity, std::string code, std::string message, std::string hint,
                     source::Region region, std::string path) {
  diagnostics_.push_back({severity, std::move(code), std::move(message), std::move(hint), region, std::move(path)});
}

void Library::allow(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  if (RootReads* const reads = watched()) {
    reads->allowed.insert(directory);
  }
  auto canonical = files_.canonical(directory);
  if (!canonical) {
    return;
  }
  if (!is_readable(*canonical)) {
    readable_.push_back(std::move(*canonical));
  }
}

bool Library::may_read(const std::string& path) const {
  if (options_.allow_outside) {
    return true;
  }
  const auto canonical = files_.canonical(path);
  const std::lock_guard lock(mutex_);
  return canonical && is_readable(*canonical);
}

bool Library::lies_outside(const std::string& directory) const {
  const std::lock_guard lock(mutex_);
  return !directory_set_.contains(directory) && files_.status(directory) && !may_read(directory);
}

bool Library::is_readable(const std::string& canonical) const {
  return std::any_of(readable_.begin(), readable_.end(),
                     [&](const std::string& known) { return is_within(canonical, known); });
}

std::string Library::known_spelling(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  if (directory_set_.contains(directory) || modules_.contains(directory)) {
    return directory;
  }
  if (!canonical_directories_) {
    canonical_directories_.emplace();
    for (const std::string& known : directories_) {
      if (const auto canonical = files_.canonical(known)) {
        canonical_directories_->emplace(*canonical, known);
      }
    }
  }
  const auto canonical = files_.canonical(directory);
  if (!canonical) {
    return directory;
  }
  return canonical_directories_->try_emplace(*canonical, directory).first->second;
}

std::vector<std::string> Library::file_names(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  const auto entries = files_.list(directory);
  if (!entries) {
    // One that is not there is for the caller to tell; one that is there has files that nobody saw.
    const auto status = files_.status(directory);
    if (status && status->kind == source::EntryKind::kDirectory) {
      report_unreadable(directory, entries.error());
    }
    return names;
  }
  for (const source::Entry& entry : *entries) {
    bool is_file = entry.kind == source::EntryKind::kFile;
    if (entry.kind == source::EntryKind::kSymlink) {
      const auto status = files_.status(source::join_path(directory, entry.name));
      is_file = status && status->kind == source::EntryKind::kFile && may_follow(directory, entry.name);
    }
    if (is_file) {
      names.push_back(entry.name);
    }
  }
  return names;
}

bool Library::may_follow(const std::string& directory, const std::string& name) {
  const std::string path = source::join_path(directory, name);
  const auto from = files_.canonical(directory);
  const auto to = files_.canonical(path);
  if (options_.allow_outside || (from && to && (is_within(*to, *from) || is_readable(*to)))) {
    return true;
  }
  if (source::is_part_of_module(source::kind_of(name)) && refused_links_.insert(path).second) {
    report(DiagnosticSeverity::kError, "link-outside", "a symbolic link out of the project is not followed",
           "put the file into the project, or allow it with --allow-outside", {}, path);
  }
  return false;
}

std::string Library::data_directory(const std::string& root) const {
  const auto moved = options_.environment.find("TF_DATA_DIR");
  return source::join_path(
      root, moved == options_.environment.end() || moved->second.empty() ? std::string(".terraform") : moved->second);
}

source::Expected<const source::Artifact*> Library::artifact(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (RootReads* const reads = watched()) {
    reads->files.insert(path);
  }
  if (const source::Artifact* known = artifacts_.find(path)) {
    return known;
  }
  auto bytes = files_.read(path, options_.limits.file_bytes);
  if (!bytes) {
    return bytes.error();
  }
  return &artifacts_.add(path, std::move(*bytes), role_of(path));
}

source::Role Library::role_of(const std::string& path) const {
  // Files of other kinds (templates) belong to the project like the files beside them.
  const bool project = project_files_.contains(path) || (!is_configuration(source::kind_of(source::name_of(path))) &&
                                                         project_directories_.contains(source::directory_of(path)));
  return project ? source::Role::kProject : source::Role::kDependency;
}

void Library::report_unreadable(const std::string& path, const source::Error& error) {
  const std::lock_guard lock(mutex_);
  if (unreadable_.insert(path).second) {
    report(DiagnosticSeverity::kError, "unreadable-file", error.message, error.hint, {}, path);
  }
}

ParsedFile Library::parse(const source::Artifact& artifact, FileForm form) {
  ParsedFile parsed;
  const auto ahead = parsed_.find(&artifact);
  const FileForm form_ahead = artifact.path().ends_with(".json") ? FileForm::kJsonConfiguration : FileForm::kHcl;
  if (ahead != parsed_.end() && form == form_ahead) {
    parsed = std::move(ahead->second);
    parsed_.erase(ahead);
  } else {
    parsed = memory_ != nullptr ? memory_->parse(artifact, form, options_.limits)
                                : parse_file(artifact, form, arena_, options_.limits, texts_);
  }
  if (form != FileForm::kJsonVariables && parsed.body != nullptr) {
    bodies_[std::string(artifact.path())] = parsed.body;
  }
  return parsed;
}

const hcl::Body* Library::whole_tree(const source::Artifact& artifact) const {
  const hcl::Body* body = nullptr;
  if (const Visit* const visit = visiting()) {
    const auto seen = std::ranges::find(visit->files_, &artifact, &VisitedFile::artifact);
    body = seen == visit->files_.end() ? nullptr : seen->body;
  }
  if (body == nullptr) {
    const std::lock_guard lock(mutex_);
    const auto known = bodies_.find(std::string(artifact.path()));
    body = known == bodies_.end() ? nullptr : known->second;
  }
  return body != nullptr && body->complete && body->region == artifact.whole() ? body : nullptr;
}

const hcl::Body* Library::file(const std::string& path, FileForm form) {
  const auto artifact = this->artifact(path);
  if (!artifact) {
    report_unreadable(path, artifact.error());
    return nullptr;
  }
  ++file_count_;
  ParsedFile parsed = parse(**artifact, form);
  diagnostics_.insert(diagnostics_.end(), std::make_move_iterator(parsed.diagnostics.begin()),
                      std::make_move_iterator(parsed.diagnostics.end()));
  return parsed.body;
}

const hcl::Body* Library::attributes_file(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (RootReads* const reads = watched()) {
    reads->attributes.insert(path);
  }
  const auto [entry, is_new] = attribute_files_.try_emplace(path, nullptr);
  if (is_new) {
    entry->second = file(path, path.ends_with(".json") ? FileForm::kJsonVariables : FileForm::kHcl);
  }
  return entry->second;
}

const hcl::Expression* Library::option_expression(const std::string& name, const std::string& text) {
  const std::lock_guard lock(mutex_);
  const source::Artifact& artifact = artifacts_.add(name, text, source::Role::kInternal);
  const hcl::ParsedExpression parsed = hcl::parse_expression(artifact, artifact.whole(), arena_, options_.limits);
  diagnostics_.insert(diagnostics_.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  return parsed.ok() ? parsed.expression : nullptr;
}

const Module* Library::module(const std::string& directory) {
  if (RootReads* const reads = watched()) {
    reads->modules.insert(directory);
  }
  if (const Visit* const visit = visiting(); visit != nullptr && visit->directory_ == directory) {
    return visit->module_.get();
  }
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = modules_.try_emplace(directory);
  if (!is_new) {
    return entry->second.get();
  }
  if (lies_outside(directory)) {
    return nullptr;
  }
  const std::uint32_t count = file_count_;
  const Written written = this->written(
      directory, [&](const std::string& path, FileForm form) { return file(path, form); }, arena_, diagnostics_);
  if (is_passing(directory)) {
    file_count_ = count;  // its visit counts them
  }
  eval::Context context = this->context();
  entry->second = made_of(written, directory, context, diagnostics_);
  return entry->second.get();
}

std::unique_ptr<Module> Library::made_of(const Written& written, const std::string& directory, eval::Context& context,
                                         findings::Diagnostics& diagnostics) {
  if (!written.any) {
    return nullptr;
  }
  auto module = std::make_unique<Module>();
  module->directory = directory;
  module->role = written.project ? source::Role::kProject : source::Role::kDependency;
  declare_module(*module, written.blocks, context, artifacts_, conditions_, diagnostics);
  return module;
}

Library::Written Library::written(const std::string& directory, const BodyOf& body_of, source::Arena& arena,
                                  findings::Diagnostics& diagnostics) {
  Written result;
  std::vector<const hcl::Body*> overriding;
  const auto known_names = names_.find(directory);
  for (const std::string& name :
       known_names != names_.end() ? known_names->second : configuration_names(file_names(directory))) {
    const std::string path = source::join_path(directory, name);
    const bool is_json = source::kind_of(name) == FileKind::kTerraformJson;
    const hcl::Body* body = body_of(path, is_json ? FileForm::kJsonConfiguration : FileForm::kHcl);
    result.any = true;
    result.project = result.project || project_files_.contains(path);
    if (body == nullptr) {
      continue;
    }
    if (!is_json) {
      note_attributes(*body, diagnostics);
    }
    if (is_override_file(name)) {
      overriding.push_back(body);
      continue;
    }
    for (const hcl::Block& block : body->blocks) {
      result.blocks.push_back(&block);
    }
  }
  for (const hcl::Body* body : overriding) {
    apply_overrides(result.blocks, *body, arena, diagnostics);
  }
  return result;
}

Library::OutlinedModule Library::outline(std::string_view source, std::string_view version,
                                         std::span<const std::string_view> arguments) {
  const std::lock_guard lock(mutex_);
  RegistryModule named = registry_module(source, version);
  Outline outline = outline_of(named, arguments, outline_files());
  if (outline.files.empty()) {
    return {};
  }
  if (RootReads* const reads = watched()) {
    // The version that is assumed leads to the same outline, whatever the arguments are.
    reads->outlines.emplace(std::move(named.source), outline.assumed.empty() ? named.version : outline.assumed);
  }
  return {&outlined(outline.files), std::move(outline.assumed)};
}

const Module& Library::outlined(const std::vector<const OutlineFile*>& chosen) {
  std::vector<std::string> names;
  std::string key;
  for (const OutlineFile* file : chosen) {
    names.push_back(std::string(kOutlinePrefix) + std::string(file->source) + "/" + std::string(file->from) + "-" +
                    std::string(file->before) + ".tf");
    key += names.back() + "\n";
  }
  std::unique_ptr<Module>& known = outlines_[key];
  if (known != nullptr) {
    return *known;
  }
  known = std::make_unique<Module>();
  known->directory = chosen.front()->source;
  known->role = source::Role::kDependency;
  known->outline = true;
  std::vector<const hcl::Block*> blocks;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const source::Artifact& artifact = artifacts_.add(names[i], std::string(chosen[i]->text), source::Role::kInternal);
    const hcl::Body* body = parse(artifact, FileForm::kHcl).body;
    for (const hcl::Block& block : body->blocks) {
      blocks.push_back(&block);
    }
  }
  eval::Context context = this->context();
  declare_module(*known, blocks, context, artifacts_, conditions_, diagnostics_);
  return *known;
}

}  // namespace gabion::terraform
