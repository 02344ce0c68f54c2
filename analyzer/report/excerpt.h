// Excerpts from the source with the exact text underlined, as compilers show them. Used by the text report.
#pragma once

#include <cstdint>
#include <ostream>

#include "report/style.h"
#include "source/artifact.h"

namespace gabion::report {

/// How excerpts are laid out.
struct ExcerptLayout {
  std::uint32_t width = 100;  ///< columns of a whole output line
  std::uint32_t gutter = 1;   ///< columns for line numbers, the same for all excerpts of a finding
};

/// Digits needed for the greatest line number that an excerpt of the region shows.
[[nodiscard]] std::uint32_t gutter_of(const source::Region& region, const source::ArtifactStore& artifacts);

/// A line of the frame without a number: "   | ".
void write_empty_line(const ExcerptLayout& layout, const Style& style, std::ostream& out);

/// The lines of a region. One line gets `mark` ('^' or '-') under the region; several get a bar along them, and the
/// middle of many is left out. Long lines are cut around the region.
void write_excerpt(const source::Region& region, const source::ArtifactStore& artifacts, char mark, Role role,
                   const ExcerptLayout& layout, const Style& style, std::ostream& out);

/// One line of text cut to `width` columns, for lines that are shown without marks.
[[nodiscard]] std::string cut_line(std::string_view line, std::uint32_t width);

}  // namespace gabion::report
