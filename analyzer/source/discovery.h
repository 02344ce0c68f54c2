// Finds the files to analyse below the given paths: honours .gitignore files, skips .git and .terraform
// (downloaded modules are read later, as dependencies), follows no symbolic link out of the tree and no loop.
// The command line and the language server call it once per analysis; what it leaves out it names, with the reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/budget.h"
#include "source/file_system.h"

namespace gabion::source {

/// What a file is, from its name.
enum class FileKind : std::uint8_t {
  kTerraform,               ///< *.tf, *.tofu
  kTerraformJson,           ///< *.tf.json, *.tofu.json
  kTerraformVariables,      ///< *.tfvars
  kTerraformVariablesJson,  ///< *.tfvars.json
  kHcl,                     ///< *.hcl (Terragrunt, backend configuration), *.tfbackend
  kJson,                    ///< *.json (perhaps a policy document)
  kYaml,                    ///< *.yaml, *.yml
  kTerraformState,          ///< terraform.tfstate and its backups
  kOther,
};

/// A configuration of Terraform, in its own notation or in JSON.
[[nodiscard]] constexpr bool is_configuration(FileKind kind) {
  return kind == FileKind::kTerraform || kind == FileKind::kTerraformJson;
}

/// What Terraform reads with the module in whose directory it lies: configurations, and values for its variables.
[[nodiscard]] constexpr bool is_part_of_module(FileKind kind) {
  return is_configuration(kind) || kind == FileKind::kTerraformVariables || kind == FileKind::kTerraformVariablesJson;
}

/// From the last name of a path, as Terraform reads names: ".x.tf" is an editor's, not Terraform's.
[[nodiscard]] FileKind kind_of(std::string_view file_name);

/// One file found. `path` is as printed and as opened: root joined with the way below it.
struct DiscoveredFile {
  std::string path;
  FileKind kind = FileKind::kOther;
  bool explicitly_given = false;  ///< named on the command line, so read whatever its name
};

/// A path that was not taken, and why: never silent.
struct SkippedPath {
  std::string path;
  std::string reason;
  bool is_error = false;  ///< could not be read (makes the run incomplete), as opposed to excluded on purpose
};

struct DiscoveryOptions {
  bool respect_gitignore = true;
  std::vector<std::string> exclude;  ///< globs relative to each root, gitignore syntax
};

/// A state of Terraform that lies in the tree, whether it is left out or not.
struct StateFile {
  std::string path;
  bool repository = false;  ///< it is in a git repository
  bool ignored = false;     ///< an ignore file says that git leaves it out
  /// git has it in its index all the same; nothing when the index cannot be read.
  std::optional<bool> tracked = false;
};

/// Files in byte order of their paths, each once, and what was left out.
struct Inventory {
  std::vector<DiscoveredFile> files;
  std::vector<SkippedPath> skipped;
  std::vector<std::string> directories;  ///< every directory visited, roots first, in which all others lie
  std::size_t roots = 0;                 ///< of the directories that were given
  std::vector<StateFile> states;         ///< in byte order of their paths
};

/// Walks `paths` (files or directories, as given on the command line). An error when one does not exist.
///
/// - Files of kind kOther are taken only when given explicitly; explicit files are taken whatever excludes them.
/// - .gitignore files count inside the given directories and in their ancestors up to the top of the repository, whose
///   .git/info/exclude counts too. A directory with its own .git starts afresh. Settings of the user's git do not
///   count.
/// - A symbolic link is followed when it leads to a file or directory below the same root that is not visited anyway;
///   every other link is listed as skipped.
/// - Files are not opened: one that cannot be read shows when it is read.
[[nodiscard]] Expected<Inventory> discover(const FileSystem& files, const std::vector<std::string>& paths,
                                           const DiscoveryOptions& options);

}  // namespace gabion::source
