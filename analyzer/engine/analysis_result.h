// What is done with the result of an analysis before anybody sees it. Used by analyze().
#pragma once

#include "engine/analysis.h"
#include "findings/diagnostic.h"
#include "findings/finding.h"
#include "secrets/redactor.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Whether everything was analysed.
[[nodiscard]] bool is_complete(const findings::Diagnostics& diagnostics);

/// Takes secrets out of a finding, before anybody can print it; true when there were some.
bool hide_secrets(findings::Finding& finding, const secrets::Redactor& redactor);
/// Likewise, of everything else that is said.
void hide_secrets(AnalysisResult& result, const secrets::Redactor& redactor);

/// Leaves one of each note and problem: the same module evaluated under several root modules meets the same problem in
/// the same place.
void remove_duplicates(AnalysisResult& result);

/// Puts notes and problems in the order of reports.
void sort_all(AnalysisResult& result, const source::ArtifactStore& artifacts);

}  // namespace gabion::engine
