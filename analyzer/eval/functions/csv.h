// Comma-separated values as Go's encoding/csv reads them: the reader behind csvdecode.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::eval::functions {

/// Rows of fields, or the line on which the text is in error.
struct CsvRows {
  std::vector<std::vector<std::string>> rows;
  std::size_t error_line = 0;  ///< 1-based; 0 when all is well
  std::string_view error;      ///< what is wrong there
};

/// Empty lines are skipped; a quoted field may hold line breaks and doubled quotes.
[[nodiscard]] CsvRows read_csv(std::string_view text);

}  // namespace gabion::eval::functions
