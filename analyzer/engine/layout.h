// How a person laid out a body: indentation, alignment, line ends. Edits copy the neighbours' style from here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "source/artifact.h"
#include "syntax/hcl/ast.h"

namespace gabion::engine {

/// A line to insert into a body: `name = value`, or a nested block with its own lines.
struct NewAttribute {
  std::string name;
  std::string value;  ///< HCL text
};
struct NewBlock {
  std::string type;  ///< and labels, as they are to be written
  std::vector<NewAttribute> attributes;
  std::vector<NewBlock> blocks;  ///< after the attributes
};

/// Makes edits to one block's body. The block's artifact must be the one given.
class BodyEditor {
 public:
  BodyEditor(const source::Artifact& artifact, const syntax::hcl::Block& block);

  /// Inserts attributes after the last one-line attribute that stands before the first nested block, behind it where
  /// none does, or at the start.
  /// A name too long for the column of equals signs there starts a group of its own behind the lines that are aligned
  /// with that one, so that no other line changes.
  void insert_attributes(std::vector<NewAttribute> attributes);
  /// Inserts blocks behind what is there, but before depends_on, lifecycle and the other blocks that people write last.
  void insert_blocks(std::vector<NewBlock> blocks);
  /// Edits made, sorted by place.
  [[nodiscard]] std::vector<findings::Edit> finish();

 private:
  /// Does the attribute stand on several lines?
  [[nodiscard]] bool has_lines(const syntax::hcl::Attribute& attribute) const;
  /// The last of the attributes on one line each that follow one without an empty line.
  [[nodiscard]] const syntax::hcl::Attribute* last_aligned(const syntax::hcl::Attribute& first) const;

  const source::Artifact& artifact_;
  const syntax::hcl::Block& block_;
  std::vector<NewAttribute> attributes_;
  std::vector<NewBlock> blocks_;
};

/// Text of a new top-level block, its last line end included.
[[nodiscard]] std::string block_text(const NewBlock& block, std::string_view indent, std::string_view step,
                                     std::string_view newline);

/// Region of the whole lines of an attribute or block for removal: its line end, a comment on its last line, and an
/// empty line behind it where one is before it; only the region itself when it shares its lines with something else.
[[nodiscard]] source::Region removal_region(const source::Artifact& artifact, source::Region region);

/// The lines that are removed, and the empty ones before them when nothing of the body, or of the file, is behind them.
[[nodiscard]] source::Region without_empty_lines_before(const source::Artifact& artifact, source::Region removed);

/// Keeps the style of a name's column: spaces between a name and its equals sign as in the group of lines around it.
[[nodiscard]] std::string aligned_name(std::string_view name, std::size_t width);

}  // namespace gabion::engine
