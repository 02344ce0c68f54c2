// Columns of equals signs after a fix: lines that stood below each other as Terraform's formatter has them do so again
// when the fix has added lines to them, taken some away, or made one line of several. Called by FixBuilder at the end.
#pragma once

#include <vector>

#include "engine/fix_tree.h"
#include "findings/finding.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Moves equals signs in what the edits make of files in Terraform's own notation, where the lines around were aligned
/// before. `edits` are all of one fix, sorted, and do not overlap; they stay so.
void align_again(const source::ArtifactStore& artifacts, FixSyntax& syntax, std::vector<findings::Edit>& edits);

}  // namespace gabion::engine
