#include "syntax/hcl/layout.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gabion::syntax::hcl {

namespace {

class Layout {
 public:
  Layout(Outline& outline, std::string_view text, std::uint32_t base) : outline_(outline), text_(text), base_(base) {}

  void settle() {
    settle_unclosed();
    settle_stray_braces();
    settle_indentation();
  }

 private:
  std::optional<std::uint32_t> column_of(std::uint32_t offset) const { return indentation(text_, base_ + offset); }

  /// A block without its brace takes the brace of the block around it, and so on up to the outermost one, which is then
  /// the one that seems unclosed. Indentation tells who really is: everything is handed back from the outside in.
  void settle_unclosed() {
    for (std::uint32_t index = 0; index < outline_.items.size(); ++index) {
      const OutlineItem& block = outline_.items[index];
      if (!block.is_block || block.closed || block.open.empty()) {
        continue;
      }
      const auto column = column_of(block.type.begin);
      if (column) {
        hand_up_shallow_children(index, *column);
      }
      for (std::size_t i = 0; column && i < outline_.items[index].children.size(); ++i) {
        if (hand_back_brace(index, outline_.items[index].children[i], *column)) {
          hand_up_children(index, i + 1);
          break;
        }
      }
    }
  }

  /// When the brace of `child` stands where that of its parent belongs.
  bool hand_back_brace(std::uint32_t parent, std::uint32_t child, std::uint32_t column) {
    OutlineItem& inner = outline_.items[child];
    if (!inner.is_block) {
      return hand_back_value_brace(parent, child, column);
    }
    if (!inner.closed) {
      return false;
    }
    const auto own = column_of(inner.type.begin);
    const auto brace = column_of(inner.close.begin);
    if (!own || !brace || *own <= column || *brace != column) {
      return false;
    }
    OutlineItem& outer = outline_.items[parent];
    outer.close = inner.close;
    outer.extent.end = inner.close.end;
    outer.closed = true;
    inner.closed = false;
    inner.damaged = true;
    std::uint32_t end = inner.open.end;
    std::size_t kept = 0;
    for (; kept < inner.children.size(); ++kept) {
      const OutlineItem& item = outline_.items[inner.children[kept]];
      const auto indent = column_of(item.extent.begin);
      if (indent && *indent <= *own) {
        break;
      }
      end = item.extent.end;
    }
    inner.close = {end, end};
    inner.extent.end = end;
    // What stands no deeper than the child itself belongs to the parent.
    const auto position = std::find(outer.children.begin(), outer.children.end(), child) + 1;
    const std::vector<std::uint32_t> moved(inner.children.begin() + static_cast<std::ptrdiff_t>(kept),
                                           inner.children.end());
    inner.children.resize(kept);
    outer.children.insert(position, moved.begin(), moved.end());
    for (const std::uint32_t item : moved) {
      outline_.items[item].parent = parent;
    }
    for (Damage& damage : outline_.damages) {
      if (damage.owner == parent && damage.kind == DamageKind::kUnclosed) {
        damage = {DamageKind::kUnclosed, inner.close, child};
      }
    }
    return true;
  }

  /// The same for the brace of an object in a value. What is in the value after the place of the missing brace is not
  /// told from what is before it: the attribute is left out.
  bool hand_back_value_brace(std::uint32_t parent, std::uint32_t attribute, std::uint32_t column) {
    OutlineItem& inner = outline_.items[attribute];
    const std::uint32_t last = inner.extent.end - 1;
    const auto own = column_of(inner.extent.begin);
    if (inner.damaged || !own || *own <= column || text_[base_ + last] != '}' || column_of(last) != column) {
      return false;
    }
    OutlineItem& outer = outline_.items[parent];
    outer.close = {last, inner.extent.end};
    outer.extent.end = inner.extent.end;
    outer.closed = true;
    inner.damaged = true;
    for (Damage& damage : outline_.damages) {
      if (damage.owner == parent && damage.kind == DamageKind::kUnclosed) {
        damage = {DamageKind::kUnclosed, outer.close, attribute};
      }
    }
    inner.lost_brace = true;
    inner.close = outer.close;
    return true;
  }

  /// What stands no deeper than an unclosed block itself is not in it.
  void hand_up_shallow_children(std::uint32_t block, std::uint32_t column) {
    OutlineItem& outer = outline_.items[block];
    const auto first = std::find_if(outer.children.begin(), outer.children.end(), [&](std::uint32_t child) {
      const auto own = column_of(outline_.items[child].extent.begin);
      return own && *own <= column;
    });
    if (first == outer.children.end()) {
      return;
    }
    const std::uint32_t end =
        first == outer.children.begin() ? outer.open.end : outline_.items[*(first - 1)].extent.end;
    outer.close = {end, end};
    outer.extent.end = end;
    hand_up_children(block, static_cast<std::size_t>(first - outer.children.begin()));
  }

  /// What follows the brace that `block` got back stands behind it, in the body around it.
  void hand_up_children(std::uint32_t block, std::size_t from) {
    OutlineItem& outer = outline_.items[block];
    while (from < outer.children.size() && outline_.items[outer.children[from]].extent.begin < outer.close.begin) {
      ++from;
    }
    const std::vector<std::uint32_t> moved(outer.children.begin() + static_cast<std::ptrdiff_t>(from),
                                           outer.children.end());
    outer.children.resize(from);
    std::vector<std::uint32_t>& around =
        outer.parent == kNoItem ? outline_.roots : outline_.items[outer.parent].children;
    around.insert(std::find(around.begin(), around.end(), block) + 1, moved.begin(), moved.end());
    for (const std::uint32_t item : moved) {
      outline_.items[item].parent = outer.parent;
    }
  }

  /// A brace too many closes a block early, and what follows seems to stand around it. When the brace that is left over
  /// stands below the block's type and the block's own brace does not, everything between them belongs to the block.
  void settle_stray_braces() {
    for (Damage& damage : outline_.damages) {
      const std::uint32_t place = damage.extent.begin;
      if (damage.owner != kNoItem || damage.kind != DamageKind::kUnexpected || base_ + place >= text_.size() ||
          text_[base_ + place] != '}') {
        continue;
      }
      const auto after = std::partition_point(outline_.roots.begin(), outline_.roots.end(), [&](std::uint32_t root) {
        return outline_.items[root].extent.begin < place;
      });
      const auto column = column_of(place);
      const auto is_opener = [&](std::uint32_t root) {
        const OutlineItem& item = outline_.items[root];
        return item.is_block && column && column_of(item.type.begin) == column;
      };
      auto opener = after;
      while (opener != outline_.roots.begin() && !is_opener(*(opener - 1))) {
        --opener;
      }
      if (opener == outline_.roots.begin()) {
        continue;
      }
      const std::uint32_t index = *(opener - 1);
      OutlineItem& block = outline_.items[index];
      const auto brace = column_of(block.close.begin);
      if (!block.closed || !brace || *brace <= *column) {
        continue;
      }
      for (auto moved = opener; moved != after; ++moved) {
        outline_.items[*moved].parent = index;
        block.children.push_back(*moved);
      }
      outline_.roots.erase(opener, after);
      block.damaged = true;
      block.close = {place, place + 1};
      block.extent.end = place + 1;
      damage.owner = index;
    }
  }

  /// Where the header or the first line of something is damaged, what stands deeper after it was inside of it, and is
  /// not to be taken for a part of what is around it: it goes, or into the block when only the brace is missing.
  void settle_indentation() {
    std::vector<std::vector<Extent>> damaged_lines(outline_.items.size() + 1);
    for (const Damage& damage : outline_.damages) {
      const bool in_header = damage.owner != kNoItem && damage.extent.begin < outline_.items[damage.owner].open.end;
      if (damage.kind != DamageKind::kUnclosed && !in_header) {
        damaged_lines[damage.owner == kNoItem ? outline_.items.size() : damage.owner].push_back(damage.extent);
      }
    }
    settle_indentation(outline_.roots, damaged_lines.back());
    for (std::size_t i = 0; i < outline_.items.size(); ++i) {
      if (outline_.items[i].damaged && !outline_.items[i].bodiless) {
        // The list is moved out and back: items may be adopted by others of it.
        std::vector<std::uint32_t> children = std::move(outline_.items[i].children);
        settle_indentation(children, damaged_lines[i]);
        outline_.items[i].children = std::move(children);
      }
    }
  }

  void settle_indentation(std::vector<std::uint32_t>& children, const std::vector<Extent>& damages) {
    constexpr std::uint32_t kNone = 0xffffffffU;  // nothing stands deeper
    std::uint32_t column = kNone;                 // of the damage that what stands deeper belongs to
    std::uint32_t adopter = kNoItem;
    auto damage = damages.begin();
    const auto pass_damage = [&](const Extent& place) {
      const std::uint32_t here = line_column(place.begin);
      const bool brace = base_ + place.begin < text_.size() && text_[base_ + place.begin] == '}';
      if (brace && column == here && adopter != kNoItem) {
        outline_.items[adopter].close = {place.begin, place.begin + 1};
        outline_.items[adopter].extent.end = place.begin + 1;
      }
      if (brace || here <= column) {
        column = brace ? kNone : here;
        adopter = kNoItem;
      }
    };
    std::vector<std::uint32_t> kept;
    for (const std::uint32_t index : children) {
      OutlineItem& item = outline_.items[index];
      for (; damage != damages.end() && damage->begin < item.extent.begin; ++damage) {
        pass_damage(*damage);
      }
      const std::uint32_t here = line_column(item.extent.begin);
      if (here > column) {
        if (adopter != kNoItem) {
          OutlineItem& block = outline_.items[adopter];
          item.parent = adopter;
          block.children.push_back(index);
          block.extent.end = item.extent.end;
          block.close = {item.extent.end, item.extent.end};
        }
        continue;
      }
      column = kNone;
      adopter = kNoItem;
      kept.push_back(index);
      if (item.damaged && (!item.is_block || item.header_damaged || item.bodiless)) {
        column = here;
        adopter = item.bodiless && !item.header_damaged && !item.type.empty() ? index : kNoItem;
        if (adopter != kNoItem) {
          const std::uint32_t end = item.labels.empty() ? item.type.end : item.labels.back().end;
          item.open = item.close = {end, end};
        }
      }
    }
    for (; damage != damages.end(); ++damage) {
      pass_damage(*damage);
    }
    children = std::move(kept);
  }

  /// Column of the first text in the line of a place. Questions come in ascending order mostly.
  std::uint32_t line_column(std::uint32_t offset) {
    const std::size_t place = base_ + offset;
    const std::size_t from = place >= last_place_ ? last_place_ : 0;
    const std::size_t newline = text_.substr(from, place - from).rfind('\n');
    if (newline != std::string_view::npos || from == 0) {
      const std::size_t begin = newline == std::string_view::npos ? 0 : from + newline + 1;
      const std::size_t first = std::min(text_.size(), text_.find_first_not_of(" \t\r", begin));
      last_column_ = static_cast<std::uint32_t>(first - begin);
    }
    last_place_ = place;
    return last_column_;
  }

  Outline& outline_;
  std::string_view text_;
  std::uint32_t base_;
  std::size_t last_place_ = 0;
  std::uint32_t last_column_ = 0;
};

}  // namespace

std::optional<std::uint32_t> indentation(std::string_view text, std::uint32_t place) {
  std::uint32_t begin = place;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t' || text[begin - 1] == '\r')) {
    --begin;
  }
  if (begin > 0 && text[begin - 1] != '\n') {
    return std::nullopt;
  }
  return place - begin;
}

void settle_layout(Outline& outline, std::string_view text, std::uint32_t base) {
  Layout(outline, text, base).settle();
}

}  // namespace gabion::syntax::hcl
