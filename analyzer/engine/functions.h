// Rule functions: what rule expressions can ask beyond Terraform's own functions. Each is typed, documented, and
// usable by every rule, built-in or a user's; none belongs to one rule.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/view.h"
#include "eval/evaluator.h"
#include "findings/finding.h"
#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// What a rule function found out besides its value: the request that slips through, the text that is to blame.
/// The last refutation before a requirement fails belongs to the finding.
struct Evidence {
  std::optional<findings::Witness> witness;
  source::Region culprit;  ///< statement or element that decides, if there is one
  std::string because;     ///< one clause in plain words
};

/// What rule functions may use.
struct RuleContext {
  const model::Configuration& configuration;
  const source::ArtifactStore& artifacts;
  Views& views;
  Evidence& evidence;
  const model::Resource* subject = nullptr;  ///< the resource that is judged, if it is one
  /// Set by functions that hang on the configuration alone, but for cases in which they had to look at the subject:
  /// then what they gave holds for it and no other.
  bool asked_subject = false;
};

/// What the result of a rule function hangs on besides its arguments.
enum class HangsOn : std::uint8_t {
  kSubject,        ///< the configuration, and perhaps what is judged
  kConfiguration,  ///< the configuration, whatever is judged; or else the function says, see RuleContext
  kArguments,      ///< nothing: on values alone, and what stands in a block whose view is given
  kTexts,          ///< nothing: on texts alone, and what is made of them lasts
};

/// A rule function, for dispatch and for the documentation.
struct RuleFunction {
  std::string_view name;
  std::string_view signature;    ///< referrers(resource, type, attribute)
  std::string_view description;  ///< what it gives, in one or two sentences
  std::size_t min_arguments = 0;
  std::size_t max_arguments = 0;
  eval::Value (*call)(const eval::Call& call, RuleContext& rule, eval::Context& context) = nullptr;
  HangsOn hangs_on = HangsOn::kSubject;
  /// Whether it gives some elements of its first argument, a list, as they are. Where all arguments are known texts, it
  /// hangs on these alone which ones.
  bool chooses = false;
};

/// The one of that name, or null.
[[nodiscard]] const RuleFunction* find_rule_function(std::string_view name);

/// Tables by theme, one file each, and all of them.
[[nodiscard]] std::array<std::span<const RuleFunction>, 8> rule_function_tables();
[[nodiscard]] std::span<const RuleFunction> reference_functions();
[[nodiscard]] std::span<const RuleFunction> policy_functions();
[[nodiscard]] std::span<const RuleFunction> policy_review_functions();
[[nodiscard]] std::span<const RuleFunction> text_functions();
[[nodiscard]] std::span<const RuleFunction> suricata_functions();
[[nodiscard]] std::span<const RuleFunction> secret_functions();
[[nodiscard]] std::span<const RuleFunction> permission_functions();
[[nodiscard]] std::span<const RuleFunction> service_functions();

}  // namespace gabion::engine
