// The parts of findings, field by field, for whatever writes them as bytes and reads them again: `fields(archive,
// item)` names each field once, so that both directions follow it.
#pragma once

#include <concepts>
#include <type_traits>

#include "findings/finding.h"

namespace gabion::findings {

template <class T, class Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

void fields(auto& archive, Is<Edit> auto& edit) {
  archive(edit.region, edit.text);
}
void fields(auto& archive, Is<Fix> auto& fix) {
  archive(fix.title, fix.safety, fix.edits, fix.guess, fix.proposal);
}
void fields(auto& archive, Is<Witness> auto& witness) {
  archive(witness.principal, witness.action, witness.resource, witness.context);
}
void fields(auto& archive, Is<TraceStep> auto& step) {
  archive(step.region, step.message);
}
void fields(auto& archive, Is<Suppression> auto& suppression) {
  archive(suppression.kind, suppression.reason, suppression.region, suppression.owner, suppression.until);
}
void fields(auto& archive, Is<Observation> auto& observation) {
  archive(observation.enforce_from);
}

}  // namespace gabion::findings
