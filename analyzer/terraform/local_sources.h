// Which modules a file may call by a local path, told from its text: before anything is parsed, Library knows so which
// directories surely nobody calls.
#pragma once

#include <string_view>
#include <vector>

namespace gabion::terraform {

/// Texts of a file that may be the source of a local module: more than those that are.
struct LocalSources {
  std::vector<std::string_view> texts;
  /// False: there may be others, in a spelling that takes a parser to read.
  bool complete = true;
};

/// Looks through a configuration file in HCL or JSON, in one pass. Takes any bytes.
[[nodiscard]] LocalSources local_sources(std::string_view bytes);

}  // namespace gabion::terraform
