// The policy commands over streams and options, apart from the command line: requests decided one a line, questions
// about all requests, two versions compared. Called by run_policy and by tests.
#pragma once

#include <istream>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace gabion::cli {

/// Reads {"policy": ..., "request": {...}} (and "kind", resource when a statement has a principal) a line, or
/// {"policies": {"identity": [...], "resource": ..., "boundary": ..., "session": ..., "scp": [[...]], "rcp": [[...]]},
/// "request": {...}}, writes
/// {"decision": ...} a line, or {"error": ...} for lines that cannot be read. The status is kUsage when there was one.
int run_policy_eval(std::istream& in, std::ostream& out);

/// Text of a policy and the name it is reported by.
struct PolicyText {
  std::string path;
  std::string text;
};

/// Answers --denies or --never-allows. Status: kClean for yes, kFindings for no, kIncomplete for unknown.
int run_policy_prove(const PolicyText& policy, const PolicyOptions& options, std::ostream& out, std::ostream& err);

/// Status: kFindings when `changed` allows something new (with --equivalent: when they differ at all).
int run_policy_compare(const PolicyText& old, const PolicyText& changed, const PolicyOptions& options,
                       std::ostream& out, std::ostream& err);

/// Lists what is wrong with documents of --kind. Status: kFindings when there is anything.
int run_policy_validate(std::span<const PolicyText> policies, const PolicyOptions& options, std::ostream& out,
                        std::ostream& err);

/// Lists statements that say nothing. Status: kFindings when there are any.
int run_policy_analyze(std::span<const PolicyText> policies, const PolicyOptions& options, std::ostream& out,
                       std::ostream& err);

}  // namespace gabion::cli
