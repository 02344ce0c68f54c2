// Text that stands in a string with escapes, such as a policy in "{\"Version\": ...}": what it is without them, where
// each byte of it is written, and what an edit of it is in the file. Used by FixSyntax, which finds data in such text,
// and by TreeEditor, which edits it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "source/artifact.h"
#include "source/region.h"
#include "syntax/hcl/ast.h"

namespace gabion::engine {

class EscapedText {
 public:
  /// Of a quoted template of HCL. Interpolations, directives and their escapes ("$${") stay as they are written.
  [[nodiscard]] static EscapedText of_quoted(const source::Artifact& artifact,
                                             const syntax::hcl::TemplateExpression& quoted);
  /// Of a string of a JSON file, quotes included in the region.
  [[nodiscard]] static EscapedText of_json(const source::Artifact& artifact, source::Region string);

  [[nodiscard]] std::string_view text() const { return text_; }
  /// Where a stretch of the text is written in the file.
  [[nodiscard]] source::Region written(std::size_t begin, std::size_t end) const {
    return {artifact_, places_[begin], places_[end]};
  }
  /// The stretch of the text that is written there; the region must be one that written() gave, or one of an
  /// interpolation.
  [[nodiscard]] source::Region inside(source::Region region) const;
  /// An edit of the text as one of the file; nothing when what it writes cannot stand there.
  [[nodiscard]] std::optional<findings::Edit> in_file(const findings::Edit& edit) const;

 private:
  explicit EscapedText(source::ArtifactId artifact) : artifact_(artifact) {}
  void literal(std::string_view bytes, std::size_t begin, std::size_t end);
  void as_written(std::string_view bytes, std::size_t begin, std::size_t end);
  void add(std::uint32_t code_point, std::size_t place);

  source::ArtifactId artifact_;
  bool quoted_ = false;  ///< in HCL, where interpolations are no part of the string
  std::string text_;
  std::vector<std::uint32_t> places_;  ///< of every byte, and of the end
};

}  // namespace gabion::engine
