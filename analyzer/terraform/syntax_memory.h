// Syntax trees of files, kept from one analysis to the next: a file whose text did not change is not parsed again.
// Library parses through here; whoever analyses the same tree many times (the language server) keeps the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "findings/diagnostic.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

/// How a file is to be read.
enum class FileForm : std::uint8_t {
  kHcl,                ///< native syntax: configuration, variables
  kJsonConfiguration,  ///< *.tf.json
  kJsonVariables,      ///< *.tfvars.json
};

/// A file as a tree. Without one (JSON that cannot be read) `body` is null and the diagnostics say why.
struct ParsedFile {
  const syntax::hcl::Body* body = nullptr;
  findings::Diagnostics diagnostics;
};

/// Whether the bytes of a file are not what it says: git-crypt encrypted it.
[[nodiscard]] bool is_encrypted(std::string_view bytes);

/// Parses a file as far as it goes; trees live in the arena, unescaped texts in `texts`.
[[nodiscard]] ParsedFile parse_file(const source::Artifact& artifact, FileForm form, source::Arena& arena,
                                    const source::Limits& limits, std::deque<source::Artifact>& texts);

class SyntaxMemory {
 public:
  SyntaxMemory() = default;
  SyntaxMemory(const SyntaxMemory&) = delete;
  SyntaxMemory& operator=(const SyntaxMemory&) = delete;

  /// The tree of a file, parsed when it is not known. Stays until the artifact goes.
  [[nodiscard]] const ParsedFile& parse(const source::Artifact& artifact, FileForm form, const source::Limits& limits);
  /// Forgets the trees of artifacts that are no longer part of the store. Call it before the store frees them.
  void collect(const source::ArtifactStore& artifacts);

  /// How many files were parsed since the beginning.
  [[nodiscard]] std::uint64_t parsed() const { return parsed_; }

 private:
  struct Key {
    const source::Artifact* artifact = nullptr;
    FileForm form = FileForm::kHcl;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<const void*>{}(key.artifact) * 4 + static_cast<std::size_t>(key.form);
    }
  };
  struct Entry {
    source::Arena arena;
    std::deque<source::Artifact> texts;
    ParsedFile file;
  };
  std::unordered_map<Key, std::unique_ptr<Entry>, KeyHash> files_;
  std::uint64_t parsed_ = 0;
};

}  // namespace gabion::terraform
