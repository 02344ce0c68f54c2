#include "terraform/local_sources.h"

#include <cstddef>

#include "source/text.h"
#include "terraform/module.h"

namespace gabion::terraform {
namespace {

constexpr auto kNowhere = std::string_view::npos;

/// Is there a heredoc that begins with a dot? Its text may be a local source.
bool has_dotted_heredoc(std::string_view bytes) {
  for (std::size_t at = bytes.find("<<"); at != kNowhere; at = bytes.find("<<", at + 2)) {
    const std::size_t line = bytes.find('\n', at);
    const std::size_t first = line == kNowhere ? kNowhere : bytes.find_first_not_of(" \t\r\n", line);
    if (first != kNowhere && bytes[first] == '.') {
      return true;
    }
  }
  return false;
}

}  // namespace

LocalSources local_sources(std::string_view bytes) {
  LocalSources result;
  // A dot or a slash can be written as an escape; JSON has one for slashes of its own.
  if (bytes.find("\\u") != kNowhere || bytes.find("\\U") != kNowhere || bytes.find("\\/") != kNowhere ||
      has_dotted_heredoc(bytes)) {
    result.complete = false;
    return result;
  }
  for (std::size_t at = bytes.find("\"."); at != kNowhere; at = bytes.find("\".", at + 2)) {
    const std::size_t end = bytes.find_first_of("\"\\\r\n", at + 1);
    const std::string_view text = end == kNowhere ? bytes.substr(at + 1) : bytes.substr(at + 1, end - at - 1);
    if (!is_local_source(text)) {
      continue;
    }
    // What goes on with an escape is longer than what was seen of it, "$${" stands for "${", and bytes that are no
    // UTF-8 are replaced in JSON.
    if ((end != kNowhere && bytes[end] == '\\') || text.find("$${") != kNowhere || text.find("%%{") != kNowhere ||
        source::find_invalid_utf8(text)) {
      result.complete = false;
      return result;
    }
    if (text.find("${") == kNowhere && text.find("%{") == kNowhere) {  // or else it is no literal
      result.texts.push_back(text);
    }
  }
  return result;
}

}  // namespace gabion::terraform
