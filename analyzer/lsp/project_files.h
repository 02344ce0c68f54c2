// The disk as a project of the language server sees it: from its own directory, with answers that are remembered until
// somebody says that files changed. Project lays unsaved documents over it and analyses what it then sees.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::lsp {

/// Another file system with a working directory of its own that asks for everything once. For one thread at a time.
class RememberedFiles final : public source::FileSystem {
 public:
  RememberedFiles(const source::FileSystem& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}

  /// Files may have changed.
  void forget();

  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override;
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override;
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override;

 private:
  template <class T>
  using Answers = std::unordered_map<std::string, source::Expected<T>>;

  const source::FileSystem& disk_;
  std::string directory_;
  mutable Answers<std::string> texts_;
  mutable Answers<std::vector<source::Entry>> lists_;
  mutable Answers<source::Status> states_;
  mutable Answers<std::string> canonical_;
};

/// Notes what was asked and answered, so that it can be told later whether the answers would be the same.
class RecordedFiles final : public source::FileSystem {
 public:
  explicit RecordedFiles(const source::FileSystem& base) : base_(&base) {}

  /// Whether another file system answers as this one did.
  [[nodiscard]] bool same_in(const source::FileSystem& other) const;

  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override;
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override;
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override;

 private:
  using Question = std::function<std::string(const source::FileSystem&)>;
  void note(Question question) const;

  const source::FileSystem* base_;
  mutable std::vector<std::pair<Question, std::string>> answers_;
};

}  // namespace gabion::lsp
