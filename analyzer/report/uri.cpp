#include "report/uri.h"

#include <cstdint>

#include "source/ascii.h"

namespace gabion::report {
namespace {

/// Characters of a path segment that stand for themselves. ':' is encoded: in a first segment it would end a scheme.
bool is_plain(char c) {
  return source::is_alphanumeric(c) || std::string_view("-._~/!$&'()*+,;=@").find(c) != std::string_view::npos;
}

}  // namespace

std::string uri_of_path(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  while (path.starts_with("./")) {
    path.remove_prefix(2);
  }
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (is_plain(c)) {
      uri += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      uri += '%';
      uri += kDigits[byte >> 4U];
      uri += kDigits[byte & 0xFU];
    }
  }
  return uri;
}

std::string uri_of_directory(std::string_view path) {
  std::string uri = uri_of_path(path);
  if (!uri.ends_with('/')) {
    uri += '/';
  }
  return uri;
}

}  // namespace gabion::report
