// What tree-sitter makes of a broken text: where its attributes and blocks are and which of them are whole, without any
// meaning. Used by recovery.cpp only; nothing of tree-sitter shows outside of outline.cpp.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gabion::syntax::hcl {

/// Half-open range of offsets into the text that was outlined.
struct Extent {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] bool empty() const { return begin == end; }
};

inline constexpr std::uint32_t kNoItem = 0xffffffffU;

/// An attribute or a block.
struct OutlineItem {
  bool is_block = false;
  bool damaged = false;         ///< something inside is not as it should be
  bool header_damaged = false;  ///< block: type and labels are not reliable
  bool lost_brace = false;      ///< attribute: its last brace, `close`, is that of the block around it
  bool bodiless = false;        ///< block: nothing follows its header
  bool closed = false;          ///< block: `close` is a brace in the text
  Extent extent;
  Extent type;                 ///< block
  std::vector<Extent> labels;  ///< block
  Extent open;                 ///< block: its opening brace
  Extent close;                ///< block: its closing brace, or the empty place where the body ends without one
  std::uint32_t parent = kNoItem;
  std::vector<std::uint32_t> children;  ///< indices of items, in source order
};

enum class DamageKind : std::uint8_t {
  kUnexpected,  ///< text that fits nowhere
  kMissing,     ///< something is not there
  kUnclosed,    ///< a bracket, string or block ends here without its closing mark
};

struct Damage {
  DamageKind kind = DamageKind::kUnexpected;
  Extent extent;
  std::uint32_t owner = kNoItem;  ///< innermost item it is in
};

struct Outline {
  std::vector<OutlineItem> items;    ///< a parent comes before its children
  std::vector<std::uint32_t> roots;  ///< items of the top level, in source order
  std::vector<Damage> damages;
  std::uint32_t last_root_begin = 0;  ///< where the last thing of the top level begins, whatever it is
  bool finished = false;              ///< false: tree-sitter gave up
};

/// Most bytes that outline() looks at: nodes of tree-sitter 0.20.7 count their children in 16 bits and the count
/// overflows silently, so there must never be 65,536 tokens.
inline constexpr std::uint32_t kOutlineBytes = 24U * 1024U;

/// Outlines at most kOutlineBytes bytes. Any bytes will do.
[[nodiscard]] Outline outline(std::string_view text);

/// True when a top-level block of Terraform begins at the start of this line. The scanner of the grammar uses the same
/// rule to notice that a block before it was not closed.
[[nodiscard]] bool begins_top_level_block(std::string_view line);

}  // namespace gabion::syntax::hcl
