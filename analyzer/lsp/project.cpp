#include "lsp/project.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/baseline.h"
#include "engine/identity.h"

namespace gabion::lsp {
namespace {

/// The part of a path below a directory; nothing when it is not there.
std::optional<std::string> below(std::string_view path, std::string_view directory) {
  if (path == directory) {
    return ".";
  }
  const std::size_t size = directory == "/" ? 1 : directory.size() + 1;
  return path.size() > size && path.starts_with(directory) && path[size - 1] == '/'
             ? std::optional(std::string(path.substr(size)))
             : std::nullopt;
}

}  // namespace

struct Project::State {
  engine::Run run;
  std::unique_ptr<RecordedFiles> asked;
  std::string today;
  std::unique_ptr<engine::AnalysisMemory> memory;
  std::optional<engine::AnalysisResult> result;
};

Project::Project(const source::FileSystem& disk, std::string directory, const Surroundings& surroundings)
    : disk_(disk, directory),
      directory_(std::move(directory)),
      surroundings_(surroundings),
      overlay_(std::make_unique<source::OverlayFileSystem>(disk_)) {
  const auto real = disk_.canonical(".");
  real_directory_ = real ? *real : directory_;
}

Project::~Project() = default;

std::string Project::inside(std::string_view absolute) const {
  if (const auto found = below(absolute, directory_)) {
    return *found;
  }
  // Through a link that leads to the same place.
  if (const auto real = disk_.canonical(source::directory_of(absolute))) {
    if (const auto found = below(*real, real_directory_)) {
      return source::join_path(*found, source::name_of(absolute));
    }
  }
  return std::string(absolute);
}

void Project::set_documents(const std::map<std::string, std::string>& texts) {
  texts_.clear();
  focus_.clear();
  overlay_ = std::make_unique<source::OverlayFileSystem>(disk_);
  for (const auto& [path, text] : texts) {
    const std::string name = inside(path);
    overlay_->write(name, text);
    focus_.push_back(source::directory_of(name));
    texts_.emplace(name, text);
  }
  std::sort(focus_.begin(), focus_.end());
  focus_.erase(std::unique(focus_.begin(), focus_.end()), focus_.end());
  answers_.clear();
  changed_ = true;
}

void Project::forget() {
  disk_.forget();
  answers_.clear();
  changed_ = true;
}

void Project::prepare() {
  const std::string today = surroundings_.today ? surroundings_.today() : std::string();
  if (state_ != nullptr && state_->today == today && state_->asked->same_in(*overlay_)) {
    state_->run.files = overlay_.get();
    return;
  }
  auto state = std::make_unique<State>();
  state->today = today;
  state->run.files = overlay_.get();
  state->asked = std::make_unique<RecordedFiles>(*overlay_);
  engine::InputOptions input;
  input.paths = {"."};
  input.today = today;
  errors_ = engine::prepare(input, *state->asked, surroundings_.variables, state->run);
  state->memory = std::make_unique<engine::AnalysisMemory>(state->run.rules, state->run.settings.parameters);
  state_ = std::move(state);
}

std::optional<engine::AnalysisRequest> Project::request(const Obsolete& obsolete) const {
  if (state_ == nullptr || !errors_.empty()) {
    return std::nullopt;
  }
  engine::AnalysisRequest request = state_->run.request();
  request.focus = &focus_;
  request.memory = state_->memory.get();
  request.obsolete = obsolete;
  return request;
}

bool Project::analyze(const Obsolete& obsolete) {
  prepare();
  std::optional<engine::AnalysisRequest> wanted = request(obsolete);
  if (!wanted) {
    changed_ = false;
    state_->result.reset();
    judged_.clear();
    return true;
  }
  wanted->fixes = false;
  auto result = engine::analyze(*wanted, state_->memory->artifacts());
  if (!result) {
    errors_ = {result.error()};
    state_.reset();  // the folder itself may be gone, and come again
    judged_.clear();
    changed_ = false;
    return true;
  }
  if (result->abandoned) {
    return false;
  }
  take(std::move(*result));
  return true;
}

void Project::take(engine::AnalysisResult result) {
  engine::tell_apart(result.findings);
  const engine::Settings& settings = state_->run.settings;
  if (!settings.baseline.empty()) {
    if (const auto known = engine::read_baseline(engine::baseline_path({}, settings), *overlay_)) {
      engine::suppress_known(*known, result.findings, state_->memory->artifacts());
    }
  }
  if (settings.min_severity) {
    std::erase_if(result.findings,
                  [&](const findings::Finding& finding) { return finding.severity < *settings.min_severity; });
  }
  judged_ = result.directories;
  judged_.insert(focus_.begin(), focus_.end());
  state_->result = std::move(result);
  changed_ = false;
}

const engine::AnalysisResult* Project::result() const {
  return state_ != nullptr && state_->result ? &*state_->result : nullptr;
}

const source::ArtifactStore& Project::artifacts() const {
  return state_->memory->artifacts();
}

engine::AnalysisMemory& Project::memory() const {
  return *state_->memory;
}

bool Project::judged(std::string_view path) const {
  return judged_.contains(source::directory_of(path));
}

std::uint64_t Project::parsed() const {
  return state_ == nullptr ? 0 : state_->memory->syntax().parsed();
}

}  // namespace gabion::lsp
