// What must not be printed of files that were looked at while their syntax was there. Used by Workspace, and by
// read_source_files() afterwards.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "secrets/detector.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/hash.h"
#include "syntax/hcl/ast.h"
#include "terraform/written_secrets.h"

namespace gabion::terraform {

/// Several threads may look at files; the rest is for one thread after that.
class FoundSecrets {
 public:
  explicit FoundSecrets(const secrets::Detector& detector) : detector_(detector) {}
  FoundSecrets(const FoundSecrets&) = delete;
  FoundSecrets& operator=(const FoundSecrets&) = delete;

  /// Looks at a configuration file in HCL. Of the tree nothing is kept. Adds the names of its sensitive variables, and
  /// answers whether there is nothing in it that must not be printed, whatever other files say.
  bool look_at(const syntax::hcl::Body& body, const source::Artifact& artifact, std::set<std::string>& sensitive);
  /// Notes of a file, and of names of variables, what look_at() said of them in an earlier run.
  void recall_harmless(const source::Artifact& artifact);
  void recall_sensitive(const std::set<std::string>& names);
  /// Paths of texts that the files read.
  void add_texts(const std::set<std::string>& paths);

  /// What is written in a file (places are those of an equal one), or null when it was not looked at, or when other
  /// files have a say in it.
  [[nodiscard]] const WrittenValues* in(const source::Artifact& artifact) const;
  /// The files that in() knows of, by path.
  [[nodiscard]] const std::unordered_map<std::string_view, const WrittenValues*>& files() const { return files_; }
  /// All that add_texts() was given.
  [[nodiscard]] const std::set<std::string>& texts() const { return texts_; }
  /// Names of sensitive variables in all files that were looked at.
  [[nodiscard]] const std::set<std::string, std::less<>>& sensitive() const { return sensitive_; }

 private:
  [[nodiscard]] const WrittenValues* known(const source::Artifact& artifact);

  const secrets::Detector& detector_;
  source::Arena arena_;  ///< of texts
  std::set<std::string, std::less<>> sensitive_;
  std::set<std::string> texts_;
  const WrittenValues nothing_;
  std::deque<WrittenValues> found_;
  std::unordered_map<const source::Artifact*, const WrittenValues*, source::ContentHash, source::SameContent>
      by_text_;  ///< files repeat
  std::unordered_map<std::string_view, const WrittenValues*> files_;
  mutable std::mutex mutex_;
};

}  // namespace gabion::terraform
