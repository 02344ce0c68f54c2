// What a whole run gave, to be given again: exit status, standard output and error, and the files that it wrote. An
// entry of the cache is an outcome with the trace that it hangs on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/trace.h"

namespace gabion::cache {

struct Outcome {
  Trace trace;
  int status = 0;
  std::string out;
  std::string err;
  std::vector<std::pair<std::string, std::string>> files;  ///< path as given and contents, in the order of writing
  std::string summary;                                     ///< added to the summary of a CI job
  /// Of the entry that says what each part of the run gave, to go on with after a change.
  std::optional<Digest> parts{};
};

[[nodiscard]] std::string encoded(const Outcome& outcome);
/// Nothing when the bytes are not those of an outcome. Takes any bytes.
[[nodiscard]] std::optional<Outcome> decoded(std::string_view bytes);

}  // namespace gabion::cache
