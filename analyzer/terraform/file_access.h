// What expressions read with file(), templatefile() and the like. Paths are relative to the root module's directory, as
// Terraform resolves them when it runs there. Stays below the given paths and the directories of loaded modules.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eval/evaluator.h"

namespace gabion::terraform {

class Library;

class FileAccess final : public eval::FileReader {
 public:
  /// Is told a path where nothing may be read, and where an expression names it.
  using Refused = std::function<void(std::string_view path, source::Region region)>;

  /// `directory` is the root module's.
  FileAccess(Library& library, std::string directory, Refused refused)
      : library_(library), directory_(std::move(directory)), refused_(std::move(refused)) {}

  [[nodiscard]] source::Expected<const source::Artifact*> read(std::string_view path) const override;
  [[nodiscard]] bool exists(std::string_view path) const override;
  [[nodiscard]] eval::FileState state(std::string_view path) const override;
  void note_refused(std::string_view path, source::Region region) const override { refused_(path, region); }
  [[nodiscard]] source::Expected<std::vector<std::string>> glob(std::string_view directory,
                                                                std::string_view pattern) const override;

 private:
  /// Of a path that is relative to the working directory.
  [[nodiscard]] eval::FileState state_of(const std::string& full) const;

  Library& library_;
  std::string directory_;
  Refused refused_;
};

/// Whether a path matches a pattern with *, **, ?, [class] and {a,b}, as fileset() does.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view path);

}  // namespace gabion::terraform
