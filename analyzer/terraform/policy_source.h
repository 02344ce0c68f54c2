// Reads the documents given as source_policy_documents and override_policy_documents the way the AWS provider decodes
// them (Go's JSON rules: names in any case, the last of duplicates wins). Used by policy_document.cpp alone.
#pragma once

#include <string>
#include <variant>

#include "eval/evaluator.h"
#include "eval/value.h"
#include "terraform/policy_merge.h"

namespace gabion::terraform {

/// The document in a string value, or why the provider refuses it. Strings that are known in part are read as far as
/// they are known; wholly unknown ones give an opaque statement.
[[nodiscard]] std::variant<DraftDocument, std::string> read_policy_source(const eval::Value& text,
                                                                          eval::Context& context);

/// What the documents of an unknown list of such strings make together: where the list is one of several, statements
/// that all of them have are sure and the others may be missing; otherwise they are opaque.
[[nodiscard]] DraftDocument read_policy_sources(const eval::Value& list, eval::Context& context);

}  // namespace gabion::terraform
