// Makes fixes: turns what a rule declares (set, insert, remove) into edits of what the person wrote, at the place where
// the value comes from.
#pragma once

#include <optional>

#include "engine/prepared_rules.h"
#include "engine/view.h"
#include "findings/finding.h"
#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// The fix of one violation, or nothing where no edit can be made (JSON syntax, modules that are not part of the
/// project). `item` is the judged block, or null for the resource itself. Sorted, not overlapping edits.
[[nodiscard]] std::optional<findings::Fix> make_fix(const PreparedFix& fix, const model::Resource& resource,
                                                    const eval::Value* item, const Views& views,
                                                    const eval::Scope& scope, eval::Context& context,
                                                    const source::ArtifactStore& artifacts);

/// HCL source text of a known value; nothing when something inside is not known.
[[nodiscard]] std::optional<std::string> hcl_text(const eval::Value& value);

}  // namespace gabion::engine
