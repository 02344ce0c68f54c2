// What is done with the result of an analysis before anybody sees it. Used by analyze().
#pragma once

#include "engine/analysis.h"
#include "findings/diagnostic.h"
#include "secrets/redactor.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Whether everything was analysed.
[[nodiscard]] bool is_complete(const findings::Diagnostics& diagnostics);

/// Takes secrets out of everything that is said, before anybody can print it.
void hide_secrets(AnalysisResult& result, const secrets::Redactor& redactor);

/// Leaves one of each: the same module evaluated under several root modules meets the same problem in the same place.
void remove_duplicates(AnalysisResult& result);

/// Puts everything in the order of reports.
void sort_all(AnalysisResult& result, const source::ArtifactStore& artifacts);

}  // namespace gabion::engine
