// The output formats by name. The command line offers what is listed here and knows no single format.
#pragma once

#include <ostream>
#include <span>
#include <string_view>

#include "report/report.h"
#include "report/text.h"

namespace gabion::report {

/// What a format is, for help texts and completions.
struct Format {
  std::string_view name;
  std::string_view description;
  bool is_json = false;
  bool shows_edits = false;  ///< other programs take edits from it
};

/// All formats; text comes first.
[[nodiscard]] std::span<const Format> formats();
[[nodiscard]] std::span<const std::string_view> format_names();
/// The format of that name, or null.
[[nodiscard]] const Format* find_format(std::string_view name);
[[nodiscard]] bool is_format(std::string_view name);
/// For people only: there is no document to wait for when the program cannot start.
[[nodiscard]] bool is_for_people(std::string_view name);

/// Prints the report; `text` matters to the format of that name only. An unknown name is text.
void write_report(std::string_view format, const Report& report, const TextOptions& text, std::ostream& out);

}  // namespace gabion::report
