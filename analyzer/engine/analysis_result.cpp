#include "engine/analysis_result.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "source/hash.h"
#include "source/region_hash.h"

namespace gabion::engine {
namespace {

template <class Entry>
std::size_t hash_of(const Entry& entry) {
  return source::hash_of(entry.message) + 31 * (source::hash_of(entry.resource) + 31 * source::hash_of(entry.region));
}

/// Adds the names that are not there yet.
void add_names(const std::vector<std::string>& names, std::vector<std::string>& to) {
  std::copy_if(names.begin(), names.end(), std::back_inserter(to),
               [&](const std::string& name) { return std::find(to.begin(), to.end(), name) == to.end(); });
}

/// Of equal notes the first stays, with the environments of all.
void merge_equal(std::vector<findings::Unresolved>& notes) {
  const auto hash = [&](std::size_t number) { return hash_of(notes[number]); };
  const auto equal = [&](std::size_t a, std::size_t b) {
    const auto key = [](const findings::Unresolved& note) {
      return std::tuple(note.region, note.rule->id, std::string_view(note.resource), std::string_view(note.message));
    };
    return key(notes[a]) == key(notes[b]);
  };
  // Of numbers, so that no text is copied: there may be very many notes.
  std::unordered_set<std::size_t, decltype(hash), decltype(equal)> known(notes.size(), hash, equal);
  std::size_t kept = 0;
  for (std::size_t index = 0; index < notes.size(); ++index) {
    if (kept != index) {
      std::swap(notes[kept], notes[index]);
    }
    const auto [place, is_new] = known.insert(kept);
    if (is_new) {
      ++kept;
      continue;
    }
    add_names(notes[kept].environments, notes[*place].environments);
  }
  notes.erase(notes.begin() + static_cast<std::ptrdiff_t>(kept), notes.end());
}

}  // namespace

void remove_duplicates(AnalysisResult& result) {
  merge_equal(result.unresolved);
  std::map<std::tuple<source::Region, std::string, std::string, std::string>, std::vector<std::string>> problems;
  std::erase_if(result.diagnostics, [&](const findings::Diagnostic& diagnostic) {
    const auto [known, is_new] =
        problems.try_emplace({diagnostic.region, diagnostic.code, diagnostic.message, diagnostic.path});
    add_names(diagnostic.environments, known->second);
    return !is_new;
  });
  for (findings::Diagnostic& diagnostic : result.diagnostics) {
    diagnostic.environments =
        std::move(problems[{diagnostic.region, diagnostic.code, diagnostic.message, diagnostic.path}]);
  }
}

void sort_all(AnalysisResult& result, const source::ArtifactStore& artifacts) {
  const auto path = [&](source::Region region) {
    return region.valid() ? artifacts.get(region.artifact).path() : std::string_view{};
  };
  std::sort(result.unresolved.begin(), result.unresolved.end(), [&](const auto& a, const auto& b) {
    return std::tuple(path(a.region), a.region.begin, a.rule->id, std::string_view(a.resource),
                      std::string_view(a.message)) < std::tuple(path(b.region), b.region.begin, b.rule->id,
                                                                std::string_view(b.resource),
                                                                std::string_view(b.message));
  });
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), [&](const auto& a, const auto& b) {
    const std::string_view path_a = a.region.valid() ? path(a.region) : std::string_view(a.path);
    const std::string_view path_b = b.region.valid() ? path(b.region) : std::string_view(b.path);
    return std::tuple(path_a, a.region.begin) < std::tuple(path_b, b.region.begin);
  });
}

bool is_complete(const findings::Diagnostics& diagnostics) {
  return std::none_of(diagnostics.begin(), diagnostics.end(), [](const findings::Diagnostic& diagnostic) {
    return diagnostic.severity == findings::DiagnosticSeverity::kError;
  });
}

bool hide_secrets(findings::Finding& finding, const secrets::Redactor& redactor) {
  bool found = false;
  const auto hide = [&](std::string& text) { found = redactor.apply(text) || found; };
  hide(finding.message);
  hide(finding.resource);
  for (findings::TraceStep& step : finding.trace) {
    hide(step.message);
  }
  if (finding.witness) {
    hide(finding.witness->principal);
    hide(finding.witness->action);
    if (finding.witness->resource) {
      hide(*finding.witness->resource);
    }
    for (auto& [key, values] : finding.witness->context) {
      if (values) {
        std::for_each(values->begin(), values->end(), hide);
      }
    }
  }
  if (finding.fix) {
    hide(finding.fix->title);
    // An edit without its secret would be another edit.
    if (std::any_of(finding.fix->edits.begin(), finding.fix->edits.end(),
                    [&](const findings::Edit& edit) { return !redactor.hidden(edit.text).empty(); })) {
      finding.fix->edits.clear();
      found = true;
    }
  }
  return found;
}

void hide_secrets(AnalysisResult& result, const secrets::Redactor& redactor) {
  for (findings::Unresolved& note : result.unresolved) {
    redactor.apply(note.message);
    redactor.apply(note.resource);
  }
  for (findings::Diagnostic& diagnostic : result.diagnostics) {
    redactor.apply(diagnostic.message);
    redactor.apply(diagnostic.hint);
  }
}

}  // namespace gabion::engine
