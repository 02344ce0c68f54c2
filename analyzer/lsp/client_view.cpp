#include "lsp/client_view.h"

#include "report/uri.h"

namespace gabion::lsp {
namespace {

int digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

}  // namespace

std::optional<std::string> path_of_uri(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) {
    return std::nullopt;
  }
  uri.remove_prefix(kScheme.size());
  uri = uri.substr(0, uri.find_first_of("?#"));
  const std::size_t slash = uri.find('/');
  const std::string_view host = uri.substr(0, slash);
  if (slash == std::string_view::npos || (!host.empty() && host != "localhost")) {
    return std::nullopt;
  }
  std::string path;
  for (std::size_t at = slash; at < uri.size(); ++at) {
    if (uri[at] != '%') {
      path += uri[at];
      continue;
    }
    const int high = at + 2 < uri.size() ? digit(uri[at + 1]) : -1;
    const int low = at + 2 < uri.size() ? digit(uri[at + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) {
      return std::nullopt;
    }
    path += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return source::join_path("/", path);
}

const Document* ClientView::document(std::string_view path) const {
  const auto found = documents_.find(project_.outside(path));
  return found == documents_.end() ? nullptr : found->second;
}

std::string ClientView::uri(std::string_view path) const {
  const Document* open = document(path);
  return open != nullptr ? open->uri() : report::uri_of_path(project_.outside(path));
}

const Positions& ClientView::positions(const source::Artifact& artifact) {
  // The client counts a mark that it sent, and does not show one that stands in the file.
  return positions_.try_emplace(artifact.id(), artifact.bytes(), encoding_, document(artifact.path()) == nullptr)
      .first->second;
}

Range ClientView::range(const source::Region& region) {
  return positions(artifacts_.get(region.artifact)).range(region.begin, region.end);
}

Json ClientView::location(const source::Region& region) {
  return {{"uri", uri(artifacts_.get(region.artifact).path())}, {"range", to_json(range(region))}};
}

std::size_t ClientView::offset(const source::Artifact& artifact, Position position) {
  return positions(artifact).offset(position);
}

}  // namespace gabion::lsp
