// A client for tests: sends messages to a Session over an in-memory file system and keeps what comes back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/session.h"

namespace gabion::lsp {

inline constexpr std::string_view kFolder = "/home/project";

/// A key without findings but for its rotation, which has a safe fix.
inline constexpr std::string_view kKey = R"(resource "aws_kms_key" "a" {
  description             = "audit"
  deletion_window_in_days = 30
  enable_key_rotation     = false
}
resource "aws_kms_alias" "a" {
  name          = "alias/a"
  target_key_id = aws_kms_key.a.key_id
}
)";

inline std::string uri_of(std::string_view file) {
  return "file://" + std::string(kFolder) + "/" + std::string(file);
}

class Client {
 public:
  /// Capabilities of a client that takes everything.
  static Json everything() {
    return Json::parse(R"({
      "general": {"positionEncodings": ["utf-16"]},
      "textDocument": {
        "publishDiagnostics": {"relatedInformation": true, "tagSupport": {"valueSet": [1]}, "codeDescriptionSupport": true},
        "definition": {"linkSupport": false},
        "codeAction": {"disabledSupport": true}
      },
      "workspace": {
        "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]},
        "didChangeWatchedFiles": {"dynamicRegistration": true}
      }
    })");
  }

  explicit Client(const source::FileSystem& files, const Arrivals* arrivals = nullptr)
      : session(
            files, {.variables = {}, .today = {}, .version = "test"}, [this](const Json& message) { take(message); },
            arrivals) {}

  /// initialize and initialized, with the folder open.
  Json start(const Json& capabilities = everything()) {
    Json result =
        request("initialize",
                {{"processId", nullptr},
                 {"capabilities", capabilities},
                 {"rootUri", "file://" + std::string(kFolder)},
                 {"workspaceFolders", Json::array({{{"uri", "file://" + std::string(kFolder)}, {"name", "x"}}})}});
    notify("initialized", Json::object());
    return result;
  }

  /// The whole answer.
  Json ask(std::string_view method, Json params) {
    const Json id = next_++;
    session.receive(lsp::request(id, method, std::move(params)));
    const auto found = answers.find(id.dump());
    return found == answers.end() ? Json() : found->second;
  }
  /// The result, or null.
  Json request(std::string_view method, Json params) { return member(ask(method, std::move(params)), "result"); }
  void notify(std::string_view method, Json params) { session.receive(notification(method, std::move(params))); }

  void open(std::string_view file, std::string_view text) {
    notify("textDocument/didOpen",
           {{"textDocument",
             {{"uri", uri_of(file)}, {"languageId", "terraform"}, {"version", 1}, {"text", std::string(text)}}}});
    settle();
  }
  /// Replaces the whole text.
  void type(std::string_view file, std::int64_t version, std::string_view text) {
    change(file, version, Json::array({{{"text", std::string(text)}}}));
  }
  void change(std::string_view file, std::int64_t version, Json changes) {
    notify("textDocument/didChange",
           {{"textDocument", {{"uri", uri_of(file)}, {"version", version}}}, {"contentChanges", std::move(changes)}});
    settle();
  }
  void close(std::string_view file) {
    notify("textDocument/didClose", {{"textDocument", {{"uri", uri_of(file)}}}});
    settle();
  }
  /// Lets the session do what it has to.
  void settle() {
    for (int i = 0; i < 10 && session.has_work(); ++i) {
      session.work();
    }
  }

  Json at(std::string_view method, std::string_view file, std::uint32_t line, std::uint32_t character) {
    return request(
        method, {{"textDocument", {{"uri", uri_of(file)}}}, {"position", {{"line", line}, {"character", character}}}});
  }
  Json actions(std::string_view file, std::uint32_t line) {
    return request("textDocument/codeAction", {{"textDocument", {{"uri", uri_of(file)}}},
                                               {"range", to_json({{line, 0}, {line, 200}})},
                                               {"context", {{"diagnostics", Json::array()}}}});
  }

  /// "rule@line:character" of what was published last about a file, in order.
  std::vector<std::string> found(std::string_view file) {
    std::vector<std::string> result;
    for (const Json& one : member(published[uri_of(file)], "diagnostics")) {
      const Json& start = one["range"]["start"];
      result.push_back(one["code"].get<std::string>() + "@" + start["line"].dump() + ":" + start["character"].dump());
    }
    return result;
  }

  std::map<std::string, Json> published;  ///< the last parameters, by URI
  std::map<std::string, Json> answers;    ///< by id
  std::vector<Json> others;               ///< everything else that came
  std::size_t count = 0;                  ///< how often diagnostics were published
  Session session;

 private:
  void take(const Json& message) {
    const auto method = text_member(message, "method");
    if (!method) {
      answers.insert_or_assign(member(message, "id").dump(), message);
    } else if (*method == "textDocument/publishDiagnostics") {
      ++count;
      published[message["params"]["uri"].get<std::string>()] = message["params"];
    } else {
      others.push_back(message);
    }
  }

  std::int64_t next_ = 100;
};

}  // namespace gabion::lsp
