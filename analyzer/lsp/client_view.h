// The files of a project as the client knows them: URIs, and positions in the text that it has. Everything that is said
// about a place goes through here.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lsp/document.h"
#include "lsp/message.h"
#include "lsp/positions.h"
#include "lsp/project.h"

namespace gabion::lsp {

/// Open documents by their absolute path.
using Documents = std::map<std::string, const Document*, std::less<>>;

/// The path of a file URI; nothing for other schemes and what is no URI.
[[nodiscard]] std::optional<std::string> path_of_uri(std::string_view uri);

/// For one result of one project; borrows both.
class ClientView {
 public:
  ClientView(const Project& project, const source::ArtifactStore& artifacts, const Documents& documents,
             Encoding encoding)
      : project_(project), artifacts_(artifacts), documents_(documents), encoding_(encoding) {}

  /// The open document of a path as the analysis prints it, or null.
  [[nodiscard]] const Document* document(std::string_view path) const;
  [[nodiscard]] std::string uri(std::string_view path) const;
  [[nodiscard]] Range range(const source::Region& region);
  /// {uri, range}. The region is valid.
  [[nodiscard]] Json location(const source::Region& region);
  /// The offset in an artifact of a position that the client named.
  [[nodiscard]] std::size_t offset(const source::Artifact& artifact, Position position);

  [[nodiscard]] const source::ArtifactStore& artifacts() const { return artifacts_; }

 private:
  [[nodiscard]] const Positions& positions(const source::Artifact& artifact);

  const Project& project_;
  const source::ArtifactStore& artifacts_;
  const Documents& documents_;
  Encoding encoding_;
  std::map<source::ArtifactId, Positions> positions_;
};

}  // namespace gabion::lsp
