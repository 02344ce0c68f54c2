// Texts of others inside of markup: XML, HTML, Markdown, CSV, workflow commands. Each function makes a text that stands
// for itself there and can neither end the place it is in nor begin anything else. Used by the formats.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gabion::report {

/// For text and attribute values of XML and HTML. Control characters (XML has no way to write most of them) and
/// invisible format characters come out as \x1b, \u{202e}; line ends as \n.
[[nodiscard]] std::string xml(std::string_view text);

/// One printable line of prose in Markdown: nothing in it is taken for markup, a link, a mention or a reference.
[[nodiscard]] std::string markdown(std::string_view text);
/// The same for a block of HTML within Markdown.
[[nodiscard]] std::string markdown_html(std::string_view text);
/// The same as a code span, also right within a table.
[[nodiscard]] std::string markdown_code(std::string_view text);

/// A cell of CSV (RFC 4180), in quotes. What a spreadsheet would calculate is made a text.
[[nodiscard]] std::string csv(std::string_view text);

/// The text cut to at most `size` bytes, not within a character; a cut text ends with "...".
[[nodiscard]] std::string cut(std::string_view text, std::size_t size);

}  // namespace gabion::report
