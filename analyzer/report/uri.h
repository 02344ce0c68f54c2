// Paths as URI references (RFC 3986), for formats that name files so.
#pragma once

#include <string>
#include <string_view>

namespace gabion::report {

/// "modules/a b/main.tf" becomes "modules/a%20b/main.tf"; "/x" becomes "file:///x". Bytes outside of ASCII are
/// percent-encoded one by one, as UTF-8 URIs want it.
[[nodiscard]] std::string uri_of_path(std::string_view path);

/// Absolute directory as a base for relative references: always with a slash at the end.
[[nodiscard]] std::string uri_of_directory(std::string_view path);

}  // namespace gabion::report
