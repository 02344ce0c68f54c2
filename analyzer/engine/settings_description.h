// The description of the configuration file: every key, what it means and what values it takes. parse_settings()
// refuses by it what does not fit, and the JSON Schema for editors is written from it, so that the two cannot differ.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "source/expected.h"

namespace YAML {
class Node;
}

namespace gabion::engine {

/// What a value may be.
enum class SettingForm : std::uint8_t {
  kAny,       ///< any value
  kText,      ///< a text that is not empty
  kDate,      ///< YYYY-MM-DD
  kSeverity,  ///< low, medium, high, critical
  kTexts,     ///< a text or a list of texts
  kWords,     ///< a text or a list of texts out of `words`
  kMapping,   ///< the keys of `members`
  kList,      ///< a list of mappings with the keys of `members`, or, with `or_text`, of texts
  kNamed,     ///< names that the user chooses, each with the value that `members` describes: one without a name
};

/// One key.
struct SettingDescription {
  std::string_view name;
  SettingForm form = SettingForm::kAny;
  std::string_view description;
  std::span<const SettingDescription> members{};
  std::span<const std::string_view> words{};
  bool required = false;
  bool or_text = false;
  bool or_nothing = false;  ///< no value means an empty one
};

/// The keys of the file.
[[nodiscard]] std::span<const SettingDescription> settings_description();

/// The first thing in the file that does not fit the description, with its line and column.
[[nodiscard]] std::optional<source::Error> check_settings(const YAML::Node& root, std::string_view path);

/// The JSON Schema (draft 2020-12) of the file, with a line end.
[[nodiscard]] std::string settings_schema();

}  // namespace gabion::engine
