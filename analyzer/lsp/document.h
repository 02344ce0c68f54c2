// A text that is open in the editor: what the client sent, with all edits since. Session keeps one for each open
// document; the analysis reads it in place of the file.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "lsp/positions.h"

namespace gabion::lsp {

class Document {
 public:
  Document(std::string uri, std::string path, std::int64_t version, std::string text)
      : uri_(std::move(uri)), path_(std::move(path)), version_(version), text_(std::move(text)) {}

  /// Applies an array of content changes, each to the text that the one before left. False when something in it is no
  /// change; those before count all the same. Ranges beyond the text are cut off, reversed ones are turned.
  [[nodiscard]] bool change(const nlohmann::json& changes, Encoding encoding);
  void set_version(std::int64_t version) { version_ = version; }

  /// As the client writes it.
  [[nodiscard]] const std::string& uri() const { return uri_; }
  /// Absolute and normalised.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::int64_t version() const { return version_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string uri_;
  std::string path_;
  std::int64_t version_;
  std::string text_;
};

}  // namespace gabion::lsp
