// What the policy commands have in common: JSON in and out, policies read with their places, assumptions from options.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "cli/options.h"
#include "cli/policy_command.h"
#include "iam/document.h"
#include "iam/prove.h"
#include "source/artifact.h"
#include "source/expected.h"

namespace gabion::cli {

using Json = nlohmann::ordered_json;

[[nodiscard]] std::string dump(const Json& json);
/// Discarded when it is no JSON, or nests too deeply.
[[nodiscard]] Json parse_json(std::string_view text);
[[nodiscard]] std::optional<std::string> text_member(const Json& from, const char* name);
/// Text of a scalar as IAM takes it.
[[nodiscard]] std::string scalar_text(const Json& value);

/// A policy with the text it was read from, so that problems can be shown at their lines.
class LoadedPolicy {
 public:
  explicit LoadedPolicy(const PolicyText& policy);

  [[nodiscard]] const iam::PolicyReading& reading() const { return reading_; }
  /// The document, or null when nothing could be read.
  [[nodiscard]] const iam::PolicyDocument* document() const {
    return reading_.documents.empty() ? nullptr : &reading_.documents.front();
  }
  [[nodiscard]] const source::ArtifactStore& artifacts() const { return artifacts_; }
  /// "file:line:column", or the file alone for what has no place.
  [[nodiscard]] std::string place(const source::Region& region) const;
  /// Tells what was odd about reading.
  void print_diagnostics(std::ostream& err) const;

 private:
  std::string path_;
  source::ArtifactStore artifacts_;
  iam::PolicyReading reading_;
};

/// What --kind, --facts, --keys, --without and --no-aws-facts say of a question.
struct PolicyTerms {
  iam::PolicyKind kind = iam::PolicyKind::kIdentity;
  iam::Assumptions assumptions;
};
/// An error when they cannot be read.
[[nodiscard]] source::Expected<PolicyTerms> read_terms(const PolicyOptions& options);

/// Wrong usage; a program still gets its line of JSON. Gives the exit status.
[[nodiscard]] int policy_usage(const PolicyOptions& options, std::ostream& out, std::ostream& err,
                               const std::string& message);

[[nodiscard]] std::string_view answer_text(eval::Truth truth);
[[nodiscard]] int status_of(eval::Truth answer);
/// A request as JSON; null when there is none. Absent keys that matter are null.
[[nodiscard]] Json witness_json(const iam::Proof& proof, iam::PolicyKind kind);
[[nodiscard]] Json open_points_json(iam::OpenPoints points);

}  // namespace gabion::cli
