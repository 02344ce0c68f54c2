// The project's configuration file, `.gabion.yaml`: which rules run, their severities and parameters, what is left out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/handling.h"
#include "engine/prepared_rules.h"
#include "engine/rule_set.h"
#include "findings/finding.h"
#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::engine {

inline constexpr std::string_view kSettingsFileName = ".gabion.yaml";

/// A place in the configuration file, both 1-based.
struct SettingPlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// One entry of `environments`: a name for a set of variable values.
struct EnvironmentSetting {
  struct File {
    std::string path;  ///< as written, relative to the configuration file
    SettingPlace place;
  };
  struct Variable {
    std::string name;
    std::string expression;
    SettingPlace place;  ///< of the value
  };
  std::string name;
  SettingPlace place;
  std::vector<File> variable_files;      ///< var-files
  std::vector<Variable> variables;       ///< vars
  std::optional<std::string> workspace;  ///< value of terraform.workspace
  std::vector<File> roots;               ///< directories; the environment is for root modules at or below them
};

/// `aws`: the account that configurations are for, where they leave it open. Empty texts say nothing.
struct AwsSetting {
  std::string partition;   ///< of providers whose region is not known
  std::string region;      ///< of providers that configure none
  std::string account_id;  ///< of providers that do not tell it themselves
};

/// What a configuration file says; everything is optional.
struct Settings {
  std::string path;  ///< of the file, empty without one
  std::optional<findings::Severity> fail_on;
  std::optional<findings::Severity> min_severity;
  std::vector<std::string> only;                                      ///< rules.only: ids or globs
  std::vector<std::string> skip;                                      ///< rules.skip
  std::map<std::string, findings::Severity, std::less<>> severities;  ///< rule id to severity
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>, std::less<>> severity_places;  ///< line and column
  std::vector<std::string> rule_paths;           ///< rules.load: users' rule files, relative to the file
  std::vector<std::string> exclude;              ///< paths not to scan, gitignore syntax
  std::vector<std::string> variable_files;       ///< var-files, relative to the file
  std::string baseline;                          ///< file of known findings, relative to the file
  std::vector<EnvironmentSetting> environments;  ///< in the order of the file
  AwsSetting aws;
  HandlingSettings handling;
  /// Ids and globs that have to name a rule, with their places.
  std::vector<std::pair<std::string, SettingPlace>> rule_names;
  Parameters parameters;
};

/// Reads the text of a configuration file. The first error carries line, column and the nearest known name.
[[nodiscard]] source::Expected<Settings> parse_settings(std::string_view path, std::string_view text);

/// The file to use for a directory: itself or the nearest one above that has `.gabion.yaml`; empty when there is none.
[[nodiscard]] std::string find_settings(const source::FileSystem& files, const std::string& directory);

/// Checks names and types of parameters and rule ids against the rules of the run, and applies severities.
[[nodiscard]] source::Expected<source::Unit> apply_settings(const Settings& settings, RuleSet& rules);

}  // namespace gabion::engine
