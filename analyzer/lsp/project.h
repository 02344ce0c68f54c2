// A folder as the language server analyses it: the rules and settings that hold there, the latest findings, and what is
// kept so that the next analysis is quick. Session has one for each workspace folder; it says which documents are open
// and asks for an analysis when something changed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis.h"
#include "engine/analysis_memory.h"
#include "engine/run.h"
#include "lsp/message.h"
#include "lsp/project_files.h"
#include "source/artifact.h"
#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::lsp {

/// What the server knows of its process.
struct Surroundings {
  std::map<std::string, std::string> variables;  ///< environment variables
  std::function<std::string()> today;            ///< YYYY-MM-DD; empty: nothing ends
  std::string version;                           ///< of the program
};

/// Asked now and then by what takes time; true: nobody waits for it any more.
using Obsolete = std::function<bool()>;

class Project {
 public:
  /// `directory` is absolute and normalised.
  Project(const source::FileSystem& disk, std::string directory, const Surroundings& surroundings);
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;
  ~Project();

  [[nodiscard]] const std::string& directory() const { return directory_; }
  /// The path as the analysis of this project calls it.
  [[nodiscard]] std::string inside(std::string_view absolute) const;
  /// The absolute path of something that the analysis named.
  [[nodiscard]] std::string outside(std::string_view path) const { return source::join_path(directory_, path); }

  /// The documents that are open now, by absolute path. What is analysed are the root modules that they belong to.
  void set_documents(const std::map<std::string, std::string>& texts);
  /// Files may have changed on the disk.
  void forget();
  [[nodiscard]] bool needs_analysis() const { return changed_; }

  /// The findings hold no longer: an analysis that used memory() was given up.
  void invalidate() { changed_ = true; }
  /// Analyses what is open. False when it was given up; the latest findings stay then.
  [[nodiscard]] bool analyze(const Obsolete& obsolete);

  /// The latest findings; null before the first analysis and while the configuration cannot be used.
  [[nodiscard]] const engine::AnalysisResult* result() const;
  [[nodiscard]] const source::ArtifactStore& artifacts() const;
  /// What is wrong with the configuration.
  [[nodiscard]] const std::vector<source::Error>& errors() const { return errors_; }
  /// Whether the latest analysis speaks for files in this directory.
  [[nodiscard]] bool judged(std::string_view path) const;

  /// The request for an analysis of what is open now; nothing while the configuration cannot be used. Valid until the
  /// next change.
  [[nodiscard]] std::optional<engine::AnalysisRequest> request(const Obsolete& obsolete) const;
  /// Texts and trees that requests may use. There is a request.
  [[nodiscard]] engine::AnalysisMemory& memory() const;
  /// Takes the findings of an analysis that somebody made with request() and memory().
  void take(engine::AnalysisResult result);
  /// Answers about the present text, kept by whoever worked them out until something changes.
  [[nodiscard]] std::map<std::string, Json>& answers() { return answers_; }
  /// The files, documents over them.
  [[nodiscard]] const source::FileSystem& files() const { return *overlay_; }
  /// How many files were parsed so far.
  [[nodiscard]] std::uint64_t parsed() const;

 private:
  /// What holds until the configuration changes.
  struct State;

  void prepare();

  RememberedFiles disk_;
  std::string directory_;
  std::string real_directory_;
  const Surroundings& surroundings_;
  std::map<std::string, std::string> texts_;
  std::unique_ptr<source::OverlayFileSystem> overlay_;
  std::vector<std::string> focus_;
  std::unique_ptr<State> state_;
  std::vector<source::Error> errors_;
  std::map<std::string, Json> answers_;
  bool changed_ = true;
  std::set<std::string> judged_;
};

}  // namespace gabion::lsp
