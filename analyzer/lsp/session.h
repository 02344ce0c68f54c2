// One client's session, from initialize to exit: which documents and folders are open, what every message means, what
// is sent back. Server feeds it messages; it knows no streams and no threads, so tests drive it directly.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/client_view.h"
#include "lsp/diagnostics.h"
#include "lsp/document.h"
#include "lsp/message.h"
#include "lsp/module_view.h"
#include "lsp/project.h"
#include "source/file_system.h"

namespace gabion::lsp {

/// What has arrived behind the message that is being handled.
class Arrivals {
 public:
  Arrivals() = default;
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;
  virtual ~Arrivals() = default;

  /// Whether the client has taken this request back.
  [[nodiscard]] virtual bool cancelled(const Json& id) const = 0;
  /// Whether a change of a document waits, so that findings about the present text are of no use.
  [[nodiscard]] virtual bool edits() const = 0;
  /// Whether the client is about to go.
  [[nodiscard]] virtual bool leaving() const = 0;
};

class Session {
 public:
  using Send = std::function<void(const Json& message)>;

  /// Borrowed things must outlive the session; `arrivals` may be null.
  Session(const source::FileSystem& disk, Surroundings surroundings, Send send, const Arrivals* arrivals = nullptr);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Handles one message of the client. Whatever it is, a request is answered.
  void receive(const Json& message);
  /// Whether findings are to be brought up to date.
  [[nodiscard]] bool has_work() const;
  /// Analyses one project that changed and publishes its findings, unless an edit arrives meanwhile.
  void work();
  /// Set once the client said exit.
  [[nodiscard]] std::optional<int> exit_status() const { return exit_status_; }
  /// The status for a client that goes without saying exit.
  [[nodiscard]] int status_at_end() const { return phase_ == Phase::kShutDown ? 0 : 1; }

  /// How many files were parsed in all projects since the beginning.
  [[nodiscard]] std::uint64_t parsed() const;

 private:
  enum class Phase : std::uint8_t { kNew, kRunning, kShutDown };
  using RequestHandler = Json (Session::*)(const Json& id, const Json& params);
  using NotificationHandler = void (Session::*)(const Json& params);
  static RequestHandler request_handler(std::string_view method);
  static NotificationHandler notification_handler(std::string_view method);

  Json initialize(const Json& id, const Json& params);
  Json shut_down(const Json& id, const Json& params);
  Json hover(const Json& id, const Json& params);
  Json definition(const Json& id, const Json& params);
  Json code_actions(const Json& id, const Json& params);

  void initialized(const Json& params);
  void exit(const Json& params);
  void opened(const Json& params);
  void changed(const Json& params);
  void closed(const Json& params);
  void saved(const Json& params);
  void files_changed(const Json& params);
  void folders_changed(const Json& params);

  /// The answer to a request that cannot be fulfilled.
  Json fail(ErrorCode code, std::string_view message);

  void add_folder(std::string_view uri);
  void remove_folder(std::string_view uri);
  void assign_documents();
  void hand_over(Project& project);
  Project& project_for(const std::string& path);
  [[nodiscard]] Documents documents() const;
  [[nodiscard]] Document* find(const Json& params);
  /// For a request: an edit arrived, or it was taken back.
  [[nodiscard]] Obsolete obsolete_for(const Json& id) const;
  /// Brings the project of a document up to date; nothing, with the failure noted, when that is not possible.
  [[nodiscard]] Project* up_to_date(const Json& id, const Json& params, const Document*& document);
  /// What a question about a position is answered from.
  struct Place {
    const Project& project;  ///< analysed
    ClientView& view;
    ModuleView& modules;
    const source::Artifact& artifact;
    std::uint32_t offset;
  };
  using Answer = std::function<Json(const Place&)>;
  /// The answer to a question about a position in an open document; null where there is nothing to answer from.
  Json answer_at(const Json& id, const Json& params, const Answer& answer);
  void publish(Project& project);
  void show_errors(const Project& project);

  const source::FileSystem& disk_;
  Surroundings surroundings_;
  Send send_;
  const Arrivals* arrivals_;
  Phase phase_ = Phase::kNew;
  std::optional<int> exit_status_;
  std::optional<std::pair<ErrorCode, std::string>> failure_;  ///< of the request that is being handled

  Encoding encoding_ = Encoding::kUtf16;
  DiagnosticSupport diagnostic_support_;
  struct {
    bool links = false;             ///< LocationLink in answers to definition
    bool document_changes = false;  ///< versioned edits
    bool create_files = false;
    bool disabled_actions = false;
    bool watchers = false;  ///< can be asked to watch files
  } client_;

  std::map<std::string, Document, std::less<>> open_;  ///< by URI
  std::vector<std::string> folders_;
  std::map<std::string, std::unique_ptr<Project>> projects_;  ///< by directory
  std::map<std::string, std::string> project_of_;             ///< directory of the project of a document, by its path
  /// What was sent about a URI last, and the directory of the project that it came from.
  std::map<std::string, std::pair<std::string, std::string>> published_;
  std::chrono::steady_clock::time_point looked_;  ///< when files were last looked at anew
  std::set<std::string> shown_;                   ///< messages that were shown already
  std::int64_t next_request_ = 1;
};

}  // namespace gabion::lsp
