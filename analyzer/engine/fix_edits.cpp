#include "engine/fix_edits.h"

#include <algorithm>

namespace gabion::engine {
namespace {

bool overlaps(const findings::Edit& a, const findings::Edit& b) {
  if (a.region.artifact != b.region.artifact) {
    return false;
  }
  // Two insertions at one place are a conflict too: their order would be an accident.
  return a.region.begin == b.region.begin || (a.region.begin < b.region.end && b.region.begin < a.region.end);
}

/// Two insertions of whole lines at one place.
bool composable(const findings::Edit& a, const findings::Edit& b) {
  const auto lines = [](const findings::Edit& edit) {
    return edit.region.size() == 0 && (edit.text.starts_with('\n') || edit.text.starts_with("\r\n"));
  };
  return a.region == b.region && lines(a) && lines(b);
}

template <class Meet>
bool any_pair(const std::vector<findings::Edit>& edits, const std::vector<findings::Edit>& others, const Meet& meet) {
  return std::ranges::any_of(edits, [&](const findings::Edit& edit) {
    return std::ranges::any_of(others, [&](const findings::Edit& other) { return meet(edit, other); });
  });
}

}  // namespace

bool in_conflict(const std::vector<findings::Edit>& edits, const std::vector<findings::Edit>& others) {
  return any_pair(edits, others, overlaps);
}

bool in_conflict_composed(const std::vector<findings::Edit>& edits, const std::vector<findings::Edit>& others) {
  return any_pair(edits, others, [](const findings::Edit& edit, const findings::Edit& other) {
    return overlaps(edit, other) && !composable(edit, other);
  });
}

std::string apply_edits(std::string_view text, std::span<const findings::Edit> edits) {
  std::string result;
  std::size_t at = 0;
  for (const findings::Edit& edit : edits) {
    result.append(text.substr(at, edit.region.begin - at));
    result.append(edit.text);
    at = edit.region.end;
  }
  result.append(text.substr(at));
  return result;
}

}  // namespace gabion::engine
