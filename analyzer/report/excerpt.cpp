#include "report/excerpt.h"

#include <algorithm>
#include <string>
#include <vector>

#include "report/unicode.h"

namespace gabion::report {
namespace {

constexpr std::string_view kEllipsis = "...";
constexpr auto kEllipsisWidth = static_cast<std::uint32_t>(kEllipsis.size());
/// Fewer columns than this make no excerpt that anybody can read.
constexpr std::uint32_t kLeastWidth = 20;
/// Bytes of a line that are looked at before and after the region's begin; more never fits.
constexpr std::size_t kBytesBefore = 800;
constexpr std::size_t kBytesAfter = 1600;
/// A region of more lines than this is shown by its first and last ones.
constexpr std::uint32_t kWholeLines = 6;
constexpr std::uint32_t kFirstLines = 3;

/// A code point of a line, as it will be printed.
struct Cell {
  std::size_t offset = 0;  // byte within the line
  std::uint32_t column = 0;
  Glyph glyph;
};

/// A line as printed, and where the marked text is in it.
struct VisibleLine {
  std::string text;
  std::uint32_t mark_begin = 0;
  std::uint32_t mark_width = 0;
};

std::size_t to_boundary(std::string_view line, std::size_t offset) {
  while (offset < line.size() && offset > 0 && (static_cast<std::uint8_t>(line[offset]) & 0xC0U) == 0x80U) {
    --offset;
  }
  return offset;
}

/// Makes the bytes [begin, end) of a line visible within `width` columns.
VisibleLine show(std::string_view line, std::size_t begin, std::size_t end, std::uint32_t width) {
  width = std::max(width, kLeastWidth);
  const std::size_t from = begin > kBytesBefore ? to_boundary(line, begin - kBytesBefore) : 0;
  const std::size_t to = line.size() - begin > kBytesAfter ? to_boundary(line, begin + kBytesAfter) : line.size();

  if (from == 0 && to == line.size() && line.size() <= width && plain_length(line) == line.size()) {
    // What nearly all lines are: shown as they stand.
    const auto mark = static_cast<std::uint32_t>(std::min(begin, line.size()));
    const auto last = static_cast<std::uint32_t>(std::min(end, line.size()));
    return {std::string(line), mark, last > mark ? last - mark : 0};
  }
  std::vector<Cell> cells;
  std::uint32_t column = 0;
  std::uint32_t mark_begin = 0;
  std::uint32_t mark_end = 0;
  for (std::size_t offset = from; offset < to;) {
    const CodePoint code_point = code_point_at(line, offset);
    Cell cell{offset, column, glyph(line, offset, code_point, column)};
    if (offset < begin) {
      mark_begin = column + cell.glyph.width;
    }
    column += cell.glyph.width;
    if (offset < end) {
      mark_end = column;
    }
    offset += code_point.size;
    cells.push_back(std::move(cell));
  }
  mark_end = std::max(mark_end, mark_begin);

  const bool fits = column <= width && from == 0 && to == line.size();
  std::uint32_t first = 0;
  if (!fits && (from > 0 || mark_end + kEllipsisWidth > width)) {
    const std::uint32_t mark_width = std::min(mark_end - mark_begin, width - 2 * kEllipsisWidth);
    const std::uint32_t before = (width - mark_width) / 3;
    first = mark_begin > before ? mark_begin - before : 0;
    // No empty space on the right while something is cut on the left.
    if (to == line.size() && column < first + width) {
      first = column > width ? column - width : 0;
    }
  }
  const bool cut_left = first > 0 || from > 0;
  const bool cut_right = !fits && (column > first + width || to < line.size());
  const std::uint32_t visible_begin = first + (cut_left ? kEllipsisWidth : 0);
  const std::uint32_t visible_end = first + width - (cut_right ? kEllipsisWidth : 0);

  VisibleLine visible;
  if (cut_left) {
    visible.text = kEllipsis;
  }
  std::uint32_t printed = cut_left ? kEllipsisWidth : 0;
  std::uint32_t printed_mark_begin = 0;
  std::uint32_t printed_mark_end = 0;
  bool mark_seen = false;
  for (const Cell& cell : cells) {
    if (cell.column < visible_begin || cell.column + cell.glyph.width > visible_end) {
      continue;
    }
    if (cell.offset >= begin && !mark_seen) {
      printed_mark_begin = printed;
      mark_seen = true;
    }
    visible.text += cell.glyph.text;
    printed += cell.glyph.width;
    if (cell.offset < end) {
      printed_mark_end = printed;
    }
  }
  if (!mark_seen) {
    printed_mark_begin = printed;  // the region begins at the end of the line
  }
  if (cut_right) {
    visible.text += kEllipsis;
  }
  visible.mark_begin = printed_mark_begin;
  visible.mark_width = printed_mark_end > printed_mark_begin ? printed_mark_end - printed_mark_begin : 0;
  return visible;
}

std::string right_aligned(std::uint32_t number, std::uint32_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

void write_numbered(std::uint32_t number, std::string_view rest, const ExcerptLayout& layout, const Style& style,
                    std::ostream& out) {
  out << style.paint(Role::kFrame, right_aligned(number, layout.gutter) + " |");
  if (!rest.empty()) {
    out << ' ' << rest;
  }
  out << '\n';
}

void write_unnumbered(std::string_view rest, const ExcerptLayout& layout, const Style& style, std::ostream& out) {
  out << style.paint(Role::kFrame, std::string(layout.gutter, ' ') + " |");
  if (!rest.empty()) {
    out << ' ' << rest;
  }
  out << '\n';
}

std::uint32_t columns_for_text(const ExcerptLayout& layout) {
  const std::uint32_t frame = layout.gutter + 3;
  return layout.width > frame ? layout.width - frame : kLeastWidth;
}

/// A line as it may be shown, and where two of its offsets are then.
struct ShownLine {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};

ShownLine without_secrets(std::string_view line, std::size_t begin, std::size_t end, const source::TextGuard* guard) {
  ShownLine result{source::shown(line, guard), begin, end};
  if (guard == nullptr) {
    return result;
  }
  const auto moved = [&](std::size_t offset, bool to_end) {
    std::size_t shift = 0;  // what was put in so far
    std::size_t gone = 0;   // what was taken out
    for (const source::TextSpan& span : guard->hidden(line)) {
      if (offset <= span.begin) {
        break;
      }
      if (offset < span.end) {
        return span.begin - gone + shift + (to_end ? source::kHidden.size() : 0);
      }
      shift += source::kHidden.size();
      gone += span.end - span.begin;
    }
    return offset - gone + shift;
  };
  result.begin = moved(begin, false);
  result.end = moved(end, true);
  return result;
}

struct Lines {
  std::uint32_t first = 1;
  std::uint32_t last = 1;
};

/// Lines of a region; a region that ends with a line end does not reach into the next line.
Lines lines_of(const source::Region& region, const source::LineIndex& index) {
  const std::uint32_t first = index.line(region.begin);
  const std::uint32_t last = region.end > region.begin ? index.line(region.end - 1) : first;
  return {first, std::max(first, last)};
}

void write_long_excerpt(const source::LineIndex& index, Lines lines, const source::TextGuard* guard, Role role,
                        const ExcerptLayout& layout, const Style& style, std::ostream& out) {
  const bool folded = lines.last - lines.first + 1 > kWholeLines;
  const std::uint32_t width = columns_for_text(layout) - 2;
  for (std::uint32_t line = lines.first; line <= lines.last; ++line) {
    if (folded && line == lines.first + kFirstLines) {
      write_unnumbered(style.paint(role, "|") + " " + std::string(kEllipsis), layout, style, out);
      line = lines.last;
    }
    const std::string text = cut_line(source::shown(index.text_of_line(line), guard), width);
    const std::string bar = style.paint(role, line == lines.first ? "/" : line == lines.last ? "\\" : "|");
    write_numbered(line, text.empty() ? bar : bar + " " + text, layout, style, out);
  }
}

}  // namespace

std::uint32_t gutter_of(const source::Region& region, const source::ArtifactStore& artifacts) {
  if (!region.valid()) {
    return 1;
  }
  const Lines lines = lines_of(region, artifacts.get(region.artifact).lines());
  return static_cast<std::uint32_t>(std::to_string(lines.last).size());
}

void write_empty_line(const ExcerptLayout& layout, const Style& style, std::ostream& out) {
  write_unnumbered({}, layout, style, out);
}

void write_excerpt(const source::Region& region, const source::ArtifactStore& artifacts, char mark, Role role,
                   const ExcerptLayout& layout, const Style& style, std::ostream& out) {
  if (!region.valid()) {
    return;
  }
  const source::LineIndex& index = artifacts.get(region.artifact).lines();
  const Lines lines = lines_of(region, index);
  if (lines.last > lines.first) {
    write_long_excerpt(index, lines, artifacts.guard(), role, layout, style, out);
    return;
  }
  const std::string_view line = index.text_of_line(lines.first);
  const std::uint32_t line_begin = index.begin_of_line(lines.first);
  const std::size_t begin = std::min<std::size_t>(region.begin - line_begin, line.size());
  const std::size_t end = std::min<std::size_t>(region.end - line_begin, line.size());
  const ShownLine shown = without_secrets(line, begin, end, artifacts.guard());
  const VisibleLine visible = show(shown.text, shown.begin, shown.end, columns_for_text(layout));
  write_numbered(lines.first, visible.text, layout, style, out);
  const std::string marks(std::max<std::uint32_t>(visible.mark_width, 1), mark);
  write_unnumbered(std::string(visible.mark_begin, ' ') + style.paint(role, marks), layout, style, out);
}

std::string cut_line(std::string_view line, std::uint32_t width) {
  return show(line, 0, 0, width).text;
}

}  // namespace gabion::report
