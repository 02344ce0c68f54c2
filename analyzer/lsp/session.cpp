#include "lsp/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lsp/actions.h"
#include "lsp/definition.h"
#include "lsp/hover.h"
#include "report/unicode.h"

namespace gabion::lsp {
namespace {

/// Files that mean something to an analysis.
constexpr std::array<std::string_view, 4> kWatched = {"**/*.{tf,tofu,tfvars,hcl,json,yaml,yml,tpl,tftpl}",
                                                      "**/.gabion.yaml", "**/.gitignore",
                                                      "**/.terraform/{environment,modules/modules.json}"};

/// Whether a file takes part in an analysis by its name.
bool is_analysed(std::string_view path) {
  return source::kind_of(source::name_of(path)) != source::FileKind::kOther ||
         source::name_of(path) == engine::kSettingsFileName;
}

}  // namespace

Session::Session(const source::FileSystem& disk, Surroundings surroundings, Send send, const Arrivals* arrivals)
    : disk_(disk), surroundings_(std::move(surroundings)), send_(std::move(send)), arrivals_(arrivals) {}

Session::~Session() = default;

// ---- Messages. ----

Session::RequestHandler Session::request_handler(std::string_view method) {
  static constexpr std::array<std::pair<std::string_view, RequestHandler>, 5> kHandlers = {
      {{"initialize", &Session::initialize},
       {"shutdown", &Session::shut_down},
       {"textDocument/hover", &Session::hover},
       {"textDocument/definition", &Session::definition},
       {"textDocument/codeAction", &Session::code_actions}}};
  const auto found =
      std::find_if(kHandlers.begin(), kHandlers.end(), [&](const auto& entry) { return entry.first == method; });
  return found == kHandlers.end() ? nullptr : found->second;
}

Session::NotificationHandler Session::notification_handler(std::string_view method) {
  static constexpr std::array<std::pair<std::string_view, NotificationHandler>, 8> kHandlers = {
      {{"initialized", &Session::initialized},
       {"exit", &Session::exit},
       {"textDocument/didOpen", &Session::opened},
       {"textDocument/didChange", &Session::changed},
       {"textDocument/didClose", &Session::closed},
       {"textDocument/didSave", &Session::saved},
       {"workspace/didChangeWatchedFiles", &Session::files_changed},
       {"workspace/didChangeWorkspaceFolders", &Session::folders_changed}}};
  const auto found =
      std::find_if(kHandlers.begin(), kHandlers.end(), [&](const auto& entry) { return entry.first == method; });
  return found == kHandlers.end() ? nullptr : found->second;
}

Json Session::fail(ErrorCode code, std::string_view message) {
  failure_.emplace(code, message);
  return nullptr;
}

void Session::receive(const Json& message) {
  const std::optional<std::string> method = text_member(message, "method");
  const Json& id = member(message, "id");
  if (!method) {
    // Answers to what was asked of the client need none.
    const bool answer = message.is_object() && (message.contains("result") || message.contains("error"));
    if (!answer) {
      send_(error_response(is_request_id(id) ? id : Json(), ErrorCode::kInvalidRequest,
                           message.is_array() ? "batches are no part of the protocol" : "no method"));
    }
    return;
  }
  const Json& params = member(message, "params");
  if (!message.contains("id")) {
    const NotificationHandler handler = notification_handler(*method);
    if (handler != nullptr && (phase_ == Phase::kRunning || *method == "exit")) {
      (this->*handler)(params);
    }
    return;
  }
  if (!is_request_id(id)) {
    send_(error_response(nullptr, ErrorCode::kInvalidRequest, "an id is a number or a text"));
    return;
  }
  failure_.reset();
  Json result;
  const RequestHandler handler = request_handler(*method);
  if (phase_ == Phase::kNew && *method != "initialize") {
    fail(ErrorCode::kServerNotInitialized, "initialize comes first");
  } else if (phase_ == Phase::kShutDown) {
    fail(ErrorCode::kInvalidRequest, "the server was shut down");
  } else if (handler == nullptr) {
    fail(ErrorCode::kMethodNotFound, "there is no method " + *method);
  } else if (arrivals_ != nullptr && arrivals_->cancelled(id)) {
    fail(ErrorCode::kRequestCancelled, "cancelled");
  } else {
    result = (this->*handler)(id, params);
  }
  send_(failure_ ? error_response(id, failure_->first, failure_->second) : response(id, std::move(result)));
}

Json Session::initialize(const Json& /*id*/, const Json& params) {
  if (phase_ != Phase::kNew) {
    return fail(ErrorCode::kInvalidRequest, "initialize comes once");
  }
  if (!params.is_object()) {
    return fail(ErrorCode::kInvalidParams, "initialize has parameters");
  }
  const Json& capabilities = member(params, "capabilities");
  const Json& text_document = member(capabilities, "textDocument");
  const Json& workspace = member(capabilities, "workspace");
  if (has_text(member(member(capabilities, "general"), "positionEncodings"), name(Encoding::kUtf8))) {
    encoding_ = Encoding::kUtf8;
  }
  const Json& published = member(text_document, "publishDiagnostics");
  diagnostic_support_.related = flag_member(published, "relatedInformation");
  diagnostic_support_.tags = !member(published, "tagSupport").is_null();
  diagnostic_support_.description = flag_member(published, "codeDescriptionSupport");
  client_.links = flag_member(member(text_document, "definition"), "linkSupport");
  client_.disabled_actions = flag_member(member(text_document, "codeAction"), "disabledSupport");
  const Json& edits = member(workspace, "workspaceEdit");
  client_.document_changes = flag_member(edits, "documentChanges");
  client_.create_files = client_.document_changes && has_text(member(edits, "resourceOperations"), "create");
  client_.watchers = flag_member(member(workspace, "didChangeWatchedFiles"), "dynamicRegistration");

  const Json& folders = member(params, "workspaceFolders");
  if (folders.is_array() && !folders.empty()) {
    for (const Json& folder : folders) {
      add_folder(text_member(folder, "uri").value_or(""));
    }
  } else if (const auto root = text_member(params, "rootUri")) {
    add_folder(*root);
  }
  phase_ = Phase::kRunning;
  return {{"capabilities",
           {{"positionEncoding", std::string(name(encoding_))},
            {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},
            {"hoverProvider", true},
            {"definitionProvider", true},
            {"codeActionProvider", {{"codeActionKinds", Json::array({"quickfix"})}}},
            {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}}}},
          {"serverInfo", {{"name", "gabion"}, {"version", surroundings_.version}}}};
}

void Session::initialized(const Json& /*params*/) {
  if (!client_.watchers) {
    return;
  }
  Json watchers = Json::array();
  for (const std::string_view pattern : kWatched) {
    watchers.push_back({{"globPattern", std::string(pattern)}});
  }
  send_(request(next_request_++, "client/registerCapability",
                {{"registrations", Json::array({{{"id", "files"},
                                                 {"method", "workspace/didChangeWatchedFiles"},
                                                 {"registerOptions", {{"watchers", std::move(watchers)}}}}})}}));
}

Json Session::shut_down(const Json& /*id*/, const Json& /*params*/) {
  phase_ = Phase::kShutDown;
  return nullptr;
}

void Session::exit(const Json& /*params*/) {
  exit_status_ = status_at_end();
}

// ---- Documents and folders. ----

Document* Session::find(const Json& params) {
  const auto uri = text_member(member(params, "textDocument"), "uri");
  const auto found = uri ? open_.find(*uri) : open_.end();
  return found == open_.end() ? nullptr : &found->second;
}

void Session::opened(const Json& params) {
  const Json& given = member(params, "textDocument");
  const auto uri = text_member(given, "uri");
  const auto text = text_member(given, "text");
  const auto path = uri ? path_of_uri(*uri) : std::nullopt;
  if (!path || !text || !is_analysed(*path)) {
    return;
  }
  open_.insert_or_assign(*uri, Document(*uri, *path, number_member(given, "version").value_or(0), *text));
  project_for(*path).forget();
  assign_documents();
}

void Session::changed(const Json& params) {
  Document* document = find(params);
  if (document == nullptr) {
    return;
  }
  static_cast<void>(document->change(member(params, "contentChanges"), encoding_));
  document->set_version(number_member(member(params, "textDocument"), "version").value_or(document->version()));
  Project& project = project_for(document->path());
  // A client that does not tell of files that change has them looked at now and then.
  constexpr std::chrono::seconds kFresh{2};
  if (const auto now = std::chrono::steady_clock::now(); !client_.watchers && now - looked_ > kFresh) {
    looked_ = now;
    project.forget();
  }
  hand_over(project);
}

void Session::closed(const Json& params) {
  const Document* document = find(params);
  if (document == nullptr) {
    return;
  }
  project_for(document->path()).forget();
  project_of_.erase(document->path());
  open_.erase(document->uri());
  assign_documents();
}

void Session::saved(const Json& params) {
  if (const Document* document = find(params)) {
    project_for(document->path()).forget();
  }
}

void Session::files_changed(const Json& params) {
  const Json& changes = member(params, "changes");
  if (!changes.is_array()) {
    return;
  }
  for (const auto& [directory, project] : projects_) {
    project->forget();
  }
}

void Session::add_folder(std::string_view uri) {
  const auto path = path_of_uri(uri);
  if (path && std::find(folders_.begin(), folders_.end(), *path) == folders_.end()) {
    folders_.push_back(*path);
  }
}

void Session::remove_folder(std::string_view uri) {
  if (const auto path = path_of_uri(uri)) {
    std::erase(folders_, *path);
  }
}

void Session::folders_changed(const Json& params) {
  const Json& event = member(params, "event");
  for (const Json& folder : member(event, "removed").is_array() ? member(event, "removed") : Json::array()) {
    remove_folder(text_member(folder, "uri").value_or(""));
  }
  for (const Json& folder : member(event, "added").is_array() ? member(event, "added") : Json::array()) {
    add_folder(text_member(folder, "uri").value_or(""));
  }
  project_of_.clear();
  assign_documents();
}

Project& Session::project_for(const std::string& path) {
  std::string& directory = project_of_[path];
  if (directory.empty()) {
    // The innermost folder; without one the repository or what has a configuration; else the file's own directory.
    const auto within = [&](const std::string& folder) {
      return folder == "/" || (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
    };
    for (const std::string& folder : folders_) {
      if (within(folder) && folder.size() > directory.size()) {
        directory = folder;
      }
    }
    for (std::string above = source::directory_of(path); directory.empty(); above = source::directory_of(above)) {
      const bool top = disk_.status(source::join_path(above, ".git")).has_value() ||
                       disk_.status(source::join_path(above, engine::kSettingsFileName)).has_value();
      if (top) {
        directory = above;
      } else if (above == "/") {
        directory = source::directory_of(path);
      }
    }
  }
  std::unique_ptr<Project>& project = projects_[directory];
  if (project == nullptr) {
    project = std::make_unique<Project>(disk_, directory, surroundings_);
  }
  return *project;
}

void Session::hand_over(Project& project) {
  std::map<std::string, std::string> texts;
  for (const auto& [uri, document] : open_) {
    if (&project_for(document.path()) == &project) {
      texts.emplace(document.path(), document.text());
    }
  }
  project.set_documents(texts);
}

/// After documents or folders came or went.
void Session::assign_documents() {
  for (const auto& [uri, document] : open_) {
    static_cast<void>(project_for(document.path()));
  }
  for (const auto& [directory, project] : projects_) {
    hand_over(*project);
  }
}

Documents Session::documents() const {
  Documents result;
  for (const auto& [uri, document] : open_) {
    result.emplace(document.path(), &document);
  }
  return result;
}

// ---- Findings. ----

Obsolete Session::obsolete_for(const Json& id) const {
  return [this, id] { return arrivals_ != nullptr && (arrivals_->edits() || arrivals_->cancelled(id)); };
}

bool Session::has_work() const {
  return phase_ == Phase::kRunning && std::any_of(projects_.begin(), projects_.end(),
                                                  [](const auto& entry) { return entry.second->needs_analysis(); });
}

void Session::work() {
  const auto changed = std::find_if(projects_.begin(), projects_.end(),
                                    [](const auto& entry) { return entry.second->needs_analysis(); });
  const Obsolete obsolete = [this] { return arrivals_ != nullptr && (arrivals_->edits() || arrivals_->leaving()); };
  if (phase_ == Phase::kRunning && changed != projects_.end() && changed->second->analyze(obsolete)) {
    publish(*changed->second);
  }
}

void Session::publish(Project& project) {
  const Documents open = documents();
  std::map<std::string, Json> found;
  if (project.result() != nullptr || !project.errors().empty()) {
    const source::ArtifactStore nothing;
    ClientView view(project, project.result() != nullptr ? project.artifacts() : nothing, open, encoding_);
    for (auto& [path, list] : diagnostics(project, view, diagnostic_support_)) {
      found.emplace(view.uri(path), std::move(list));
    }
  }
  for (const auto& [uri, document] : open_) {
    if (&project_for(document.path()) == &project) {
      found.try_emplace(uri, Json::array());
    }
  }
  for (const auto& [uri, sent] : published_) {
    if (sent.first == project.directory()) {
      found.try_emplace(uri, Json::array());
    }
  }
  // Documents get their findings with each version, others when theirs change.
  for (const auto& [uri, list] : found) {
    Json params{{"uri", uri}, {"diagnostics", list}};
    if (const auto document = open_.find(uri); document != open_.end()) {
      params["version"] = document->second.version();
    }
    std::string text = params.dump(-1, ' ', false, Json::error_handler_t::replace);
    const auto before = published_.find(uri);
    const bool news =
        before == published_.end() ? !list.empty() || params.contains("version") : before->second.second != text;
    const bool kept = !list.empty() || params.contains("version");
    if (news) {
      send_(notification("textDocument/publishDiagnostics", std::move(params)));
    }
    if (kept) {
      published_.insert_or_assign(uri, std::pair(project.directory(), std::move(text)));
    } else if (before != published_.end()) {
      published_.erase(before);
    }
  }
  show_errors(project);
}

/// What is wrong with the configuration is said once, as its file may not be open.
void Session::show_errors(const Project& project) {
  for (const source::Error& error : project.errors()) {
    const std::string place = error.path.empty() ? std::string() : project.outside(error.path) + ": ";
    const std::string text = "gabion: " + report::printable(place + error.message);
    if (shown_.insert(text).second) {
      constexpr int kErrorType = 1;
      send_(notification("window/showMessage", {{"type", kErrorType}, {"message", text}}));
    }
  }
}

// ---- Questions. ----

Project* Session::up_to_date(const Json& id, const Json& params, const Document*& document) {
  document = find(params);
  if (document == nullptr) {
    fail(ErrorCode::kInvalidParams, "the document is not open");
    return nullptr;
  }
  Project& project = project_for(document->path());
  if (project.needs_analysis()) {
    if (!project.analyze(obsolete_for(id))) {
      const bool cancelled = arrivals_ != nullptr && arrivals_->cancelled(id);
      fail(cancelled ? ErrorCode::kRequestCancelled : ErrorCode::kContentModified,
           cancelled ? "cancelled" : "the document changed meanwhile");
      return nullptr;
    }
    publish(project);
  }
  return &project;
}

Json Session::answer_at(const Json& id, const Json& params, const Answer& answer) {
  const std::optional<Position> position = position_from(member(params, "position"));
  if (!position) {
    return fail(ErrorCode::kInvalidParams, "a position is a line and a character");
  }
  const Document* document = nullptr;
  Project* project = up_to_date(id, params, document);
  const auto request = project == nullptr ? std::nullopt : project->request(obsolete_for(id));
  if (!request || project->result() == nullptr) {
    return nullptr;
  }
  const Documents open = documents();
  ClientView view(*project, project->artifacts(), open, encoding_);
  ModuleView modules(*request, project->memory());
  const source::Artifact* artifact = modules.artifact(project->inside(document->path()));
  if (artifact == nullptr) {
    return nullptr;
  }
  return answer({*project, view, modules, *artifact, static_cast<std::uint32_t>(view.offset(*artifact, *position))});
}

Json Session::hover(const Json& id, const Json& params) {
  return answer_at(id, params, [](const Place& at) {
    return lsp::hover(at.modules, *at.project.result(), at.artifact, at.offset, at.view);
  });
}

Json Session::definition(const Json& id, const Json& params) {
  return answer_at(id, params, [this](const Place& at) {
    return lsp::definition(at.modules, at.artifact, at.offset, at.view, client_.links);
  });
}

Json Session::code_actions(const Json& id, const Json& params) {
  const std::optional<Range> range = range_from(member(params, "range"));
  if (!range) {
    return fail(ErrorCode::kInvalidParams, "a range has a start and an end");
  }
  const Json& only = member(member(params, "context"), "only");
  if (only.is_array() && !has_text(only, "quickfix") && !has_text(only, "")) {
    return Json::array();
  }
  const Document* document = nullptr;
  Project* project = up_to_date(id, params, document);
  if (project == nullptr || project->result() == nullptr) {
    return Json::array();
  }
  const ActionSupport support{.document_changes = client_.document_changes,
                              .create_files = client_.create_files,
                              .disabled = client_.disabled_actions};
  return lsp::code_actions(*project, *document, *range, documents(), encoding_, support, obsolete_for(id));
}

std::uint64_t Session::parsed() const {
  std::uint64_t sum = 0;
  for (const auto& [directory, project] : projects_) {
    sum += project->parsed();
  }
  return sum;
}

}  // namespace gabion::lsp
