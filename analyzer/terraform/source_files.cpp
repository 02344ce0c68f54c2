#include "terraform/source_files.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "source/file_system.h"
#include "source/hash.h"
#include "source/workers.h"
#include "syntax/json/parser.h"
#include "terraform/policy_files.h"
#include "terraform/read_texts.h"
#include "terraform/terragrunt.h"
#include "terraform/written_secrets.h"

namespace gabion::terraform {
namespace {

using source::FileKind;

/// Files of these kinds are read for their secrets; nothing for the others.
std::string_view word_for(FileKind kind) {
  switch (kind) {
    case FileKind::kTerraform:
    case FileKind::kTerraformJson:
      return "terraform";
    case FileKind::kTerraformVariables:
    case FileKind::kTerraformVariablesJson:
      return "variables";
    case FileKind::kHcl:
      return "hcl";
    case FileKind::kJson:
      return "json";
    case FileKind::kYaml:
    case FileKind::kTerraformState:
    case FileKind::kOther:
      return {};
  }
  return {};
}

/// Read as JSON. A configuration in JSON has blocks and expressions as any other.
bool is_json(FileKind kind) {
  return kind == FileKind::kTerraformVariablesJson || kind == FileKind::kJson;
}

/// Has it a block of which Terragrunt writes something?
bool may_be_of_terragrunt(std::string_view bytes) {
  return bytes.find("remote_state") != std::string_view::npos || bytes.find("generate") != std::string_view::npos;
}

/// Written by programs, and full of checksums.
bool is_lock_file(std::string_view name) {
  return name == ".terraform.lock.hcl" || name == "package-lock.json" || name == "composer.lock";
}

class Reader {
 public:
  Reader(Library& library, secrets::Redactor& redactor, const FoundSecrets& found)
      : library_(library), redactor_(redactor), found_before_(found) {}

  std::unique_ptr<model::Configuration> run() {
    sensitive_.insert(found_before_.sensitive().begin(), found_before_.sensitive().end());
    texts_ = found_before_.texts();
    for (const auto& [path, body] : library_.read_bodies()) {
      add_sensitive_variables(*body, sensitive_);
    }
    read_ahead();
    auto configuration = std::make_unique<model::Configuration>(library_.options().limits);
    std::set<std::string_view> done;
    model::Module module;
    module.directory = ".";
    const model::ModuleId files = configuration->add(module);
    std::vector<model::ConfigurationBlock> backends;
    for (const source::DiscoveredFile& file : library_.project_files()) {
      const std::string_view word = word_for(file.kind);
      if (word.empty() || is_lock_file(source::name_of(file.path))) {
        continue;
      }
      done.insert(file.path);
      model::SourceFile entry;
      entry.kind = word;
      // A document that a configuration reads is judged as what it is there.
      const bool alone = file.kind == FileKind::kJson && library_.artifacts().find(file.path) == nullptr;
      const WrittenValues values = read(file, entry.artifact);
      if (entry.artifact == nullptr) {
        continue;
      }
      if (alone && entry.artifact->bytes().find("\"Statement\"") != std::string_view::npos) {
        const auto parsed = syntax::json::parse(entry.artifact->bytes(), entry.artifact->whole(), library_.arena(),
                                                library_.options().limits);
        if (parsed.value != nullptr && parsed.diagnostics.empty()) {
          add_policy_file(*parsed.value, *entry.artifact, files, *configuration);
        }
      }
      if (file.kind == FileKind::kHcl && may_be_of_terragrunt(entry.artifact->bytes())) {
        add_terragrunt(*body_of(file, *entry.artifact), *entry.artifact, *configuration, backends);
      }
      const bool is_hcl = source::is_configuration(file.kind) || file.kind == FileKind::kHcl;
      if (is_hcl && found_before_.in(*entry.artifact) == nullptr && may_read_texts(*entry.artifact)) {
        if (const hcl::Body* const body = body_of(file, *entry.artifact)) {
          add_read_texts(*body, *entry.artifact, texts_);
        }
      }
      hide(values);
      entry.secrets = library_.arena().copy(values.secrets);
      configuration->add(entry);
    }
    configuration->mutable_module(files).blocks = library_.arena().copy(backends);
    add_texts(done, *configuration);
    // Modules that were downloaded and files given as options are never reported, but their text may be shown.
    for (const auto& [path, body] : library_.read_bodies()) {
      if (const source::Artifact* artifact = done.contains(path) ? nullptr : library_.artifacts().find(path)) {
        hide(written_secrets(*body, *artifact, sensitive_, redactor_.detector(),
                             redactor_.detector().hints(artifact->bytes()), library_.arena()));
      }
    }
    for (const auto& [path, values] : found_before_.files()) {
      if (!done.contains(path)) {
        hide(*values);
      }
    }
    hide_options();
    for (const source::StateFile& state : library_.states()) {
      // Its bytes are of no use to anybody.
      const source::Artifact& artifact = library_.artifacts().add(state.path, {});
      configuration->add(model::SourceFile{.artifact = &artifact,
                                           .kind = "state",
                                           .secrets = {},
                                           .ignored = state.ignored,
                                           .tracked = state.tracked,
                                           .repository = state.repository});
    }
    configuration->freeze();
    return configuration;
  }

 private:
  /// The texts that the files of the project read: what is secret there is so whoever reads them.
  void add_texts(const std::set<std::string_view>& done, model::Configuration& configuration) {
    for (const std::string& path : texts_) {
      if (done.contains(path) || !library_.may_read(path) || !library_.files().status(path)) {
        continue;
      }
      const auto text = library_.artifact(path);
      if (!text || (*text)->bytes().find('\0') != std::string_view::npos) {
        continue;  // whoever reads it says so
      }
      const WrittenValues values = written_secrets(**text, redactor_.detector(), library_.arena());
      hide(values);
      if ((*text)->role() == source::Role::kProject) {
        configuration.add(
            model::SourceFile{.artifact = *text, .kind = "text", .secrets = library_.arena().copy(values.secrets)});
      }
    }
  }

  WrittenValues read(const source::DiscoveredFile& file, const source::Artifact*& artifact) {
    artifact = library_.artifacts().find(file.path);
    if (artifact == nullptr) {
      const auto read = library_.artifact(file.path);
      if (!read) {
        library_.report_unreadable(file.path, read.error());
        return {};
      }
      artifact = *read;
    }
    WrittenValues values = values_in(file, *artifact);
    for (model::WrittenSecret& secret : values.secrets) {
      secret.region.artifact = artifact->id();
    }
    return values;
  }

  [[nodiscard]] const WrittenValues& values_in(const source::DiscoveredFile& file, const source::Artifact& artifact) {
    if (const WrittenValues* const before = found_before_.in(artifact)) {
      return *before;
    }
    if (const auto known = places_.find(&artifact); known != places_.end()) {
      return found_[known->second];
    }
    const auto [same, is_new] = read_before_[file.kind].try_emplace(artifact.bytes(), found_.size());
    if (is_new) {
      found_.push_back(find(file, artifact, library_.arena()));
    }
    return found_[same->second];
  }

  /// Looks at the files whose trees are known, several at once.
  void read_ahead() {
    struct Waiting {
      const source::DiscoveredFile* file = nullptr;
      const source::Artifact* artifact = nullptr;
    };
    std::vector<Waiting> waiting;
    for (const source::DiscoveredFile& file : library_.project_files()) {
      const std::string_view word = word_for(file.kind);
      const source::Artifact* artifact =
          word.empty() || is_lock_file(source::name_of(file.path)) ? nullptr : library_.artifacts().find(file.path);
      if (artifact == nullptr || found_before_.in(*artifact) != nullptr ||
          !(is_json(file.kind) || library_.read_bodies().contains(file.path))) {
        continue;
      }
      // Files repeat: what was found in the first of equal ones is in the others too, at the same places.
      const auto [same, is_new] = read_before_[file.kind].try_emplace(artifact->bytes(), waiting.size());
      places_.emplace(artifact, same->second);
      if (is_new) {
        waiting.push_back({&file, artifact});
      }
    }
    found_.resize(waiting.size());
    source::work_on(waiting.size(), library_.options().jobs, [&](std::size_t index, std::size_t worker) {
      found_[index] = find(*waiting[index].file, *waiting[index].artifact, library_.arena_of(worker));
    });
  }

  WrittenValues find(const source::DiscoveredFile& file, const source::Artifact& artifact, source::Arena& arena) {
    const bool variables = word_for(file.kind) == "variables";
    const std::vector<secrets::Detector::Part> hints = redactor_.detector().hints(artifact.bytes());
    if (hints.empty() && !hides_variables(file, artifact)) {
      return {};
    }
    const source::Limits& limits = library_.options().limits;
    if (is_json(file.kind)) {
      const auto parsed = syntax::json::parse(artifact.bytes(), artifact.whole(), arena, limits);
      return parsed.value == nullptr
                 ? WrittenValues{}
                 : written_secrets(*parsed.value, artifact, variables, sensitive_, redactor_.detector(), hints, arena);
    }
    const hcl::Body* const body = body_of(file, artifact);
    return body == nullptr ? WrittenValues{}
                           : written_secrets(*body, artifact, sensitive_, redactor_.detector(), hints, arena);
  }

  /// Whether the file may give values to sensitive variables.
  [[nodiscard]] bool hides_variables(const source::DiscoveredFile& file, const source::Artifact& artifact) {
    if (sensitive_.empty()) {
      return false;
    }
    if (!source::is_configuration(file.kind)) {
      return word_for(file.kind) == "variables";
    }
    const hcl::Body* const body = body_of(file, artifact);
    if (body == nullptr) {
      return false;
    }
    std::set<std::string_view> declared;
    add_sensitive_variables(*body, declared);
    return !declared.empty() || !body->attributes.empty();
  }

  /// Null for JSON that cannot be read.
  const hcl::Body* body_of(const source::DiscoveredFile& file, const source::Artifact& artifact) {
    const auto known = library_.read_bodies().find(file.path);
    const FileForm form = file.kind == FileKind::kTerraformJson ? FileForm::kJsonConfiguration : FileForm::kHcl;
    return known != library_.read_bodies().end() ? known->second : library_.parse(artifact, form).body;
  }

  void hide(const WrittenValues& values) {
    for (const model::WrittenSecret& secret : values.secrets) {
      if (secret.what.empty()) {
        continue;
      }
      redactor_.add(secret.value);
      // As it stands in the file, escapes and all.
      redactor_.add(library_.artifacts().text(secret.region));
    }
    for (const std::string_view value : values.hidden) {
      redactor_.add(value);
    }
  }

  /// Values of --var and of TF_VAR_ variables.
  void hide_options() {
    const auto hide = [&](std::string_view name, std::string_view value) {
      if (sensitive_.contains(name) || redactor_.detector().secret(name, value)) {
        redactor_.add(value);
      }
    };
    const Options& options = library_.options();
    for (const VariableOption& option : options.variables) {
      hide(option.name, option.value);
    }
    for (const NamedEnvironment& environment : options.environments) {
      for (const VariableOption& option : environment.variables) {
        hide(option.name, option.value);
      }
    }
    constexpr std::string_view kPrefix = "TF_VAR_";
    for (const auto& [name, value] : options.environment) {
      if (name.starts_with(kPrefix)) {
        hide(std::string_view(name).substr(kPrefix.size()), value);
      }
    }
  }

  Library& library_;
  secrets::Redactor& redactor_;
  const FoundSecrets& found_before_;
  std::set<std::string_view> sensitive_;
  std::set<std::string> texts_;       ///< paths of what files read as text
  std::vector<WrittenValues> found_;  ///< in files that differ
  /// Which of these is in files, by their kind and contents, and without reading them again.
  std::map<FileKind, std::unordered_map<std::string_view, std::size_t, source::TextHash>> read_before_;
  std::unordered_map<const source::Artifact*, std::size_t> places_;
};

}  // namespace

std::unique_ptr<model::Configuration> read_source_files(Library& library, secrets::Redactor& redactor,
                                                        const FoundSecrets& found) {
  return Reader(library, redactor, found).run();
}

}  // namespace gabion::terraform
