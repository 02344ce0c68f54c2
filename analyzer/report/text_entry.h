// One entry of the text report: a finding (with all instances that share it), an open question or a diagnostic. Used by
// text.cpp.
#pragma once

#include <ostream>
#include <set>
#include <string_view>

#include "report/groups.h"
#include "report/report.h"
#include "report/style.h"
#include "report/text.h"

namespace gabion::report {

/// What all entries of a report share.
struct EntryContext {
  const source::ArtifactStore& artifacts;
  const TextOptions& options;
  Style style;
  std::set<std::string_view> explained{};  ///< ids of rules that were explained already
};

void write_finding(const FindingGroup& group, EntryContext& context, std::ostream& out);
void write_unresolved(const UnresolvedGroup& group, const EntryContext& context, std::ostream& out);
void write_diagnostic(const DiagnosticGroup& group, const EntryContext& context, std::ostream& out);

/// A witness in one sentence: "sts:AssumeRole by arn:..., aws:MultiFactorAuthPresent absent".
[[nodiscard]] std::string describe(const findings::Witness& witness);

}  // namespace gabion::report
