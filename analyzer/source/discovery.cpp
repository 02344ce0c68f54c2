#include "source/discovery.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>

#include "source/git_index.h"
#include "source/gitignore.h"

namespace gabion::source {
namespace {

/// An ignore file is small; one that is not is a mistake that must not fill the memory.
constexpr std::uint64_t kMaxIgnoreFileBytes = std::uint64_t{4} * 1024 * 1024;

/// Patterns that speak about a directory and everything below it. `offset` is where their directory's own path ends in
/// a subject (see Walk::subject_): what follows is what the patterns see.
struct IgnoreFile {
  IgnorePatterns patterns;
  std::string path;  ///< as printed
  std::size_t offset = 0;
  std::shared_ptr<const IgnoreFile> outer;  ///< consulted when this one has no opinion
};
using IgnoreChain = std::shared_ptr<const IgnoreFile>;

/// A directory that waits for its visit.
struct Pending {
  std::string path;       ///< as printed; "." for the working directory
  std::string canonical;  ///< absolute, links resolved
  std::string subject;    ///< from the top of the repository (or the root), with '/' at the end unless empty
  IgnoreChain ignore;
};

/// A symbolic link seen on the way, judged when it is known what was visited.
struct Link {
  std::string path;
  std::string canonical;  ///< of the link itself, not of what it leads to
  std::string subject;
  IgnoreChain ignore;
};

struct Root {
  std::string path;
  std::string canonical;
};

std::string child_path(const std::string& directory, std::string_view name) {
  if (directory == ".") {
    return std::string(name);
  }
  std::string path;
  path.reserve(directory.size() + 1 + name.size());
  path += directory;
  if (path.back() != '/') {
    path += '/';
  }
  path += name;
  return path;
}

bool is_within(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) &&
         (path.size() == directory.size() || directory.ends_with('/') || path[directory.size()] == '/');
}

/// Directories that belong to git or hold what Terraform and Terragrunt downloaded.
std::string_view reason_to_stay_out(std::string_view name) {
  if (name == ".git") {
    return "belongs to git";
  }
  if (name == ".terraform") {
    return "holds downloaded modules and providers";
  }
  if (name == ".terragrunt-cache") {
    return "holds copies made by Terragrunt";
  }
  return {};
}

/// A file that the descriptions of services in an SDK always have among them; empty for directories of other names.
std::string_view mark_of_sdk(std::string_view path) {
  if (path == "botocore/data" || path.ends_with("/botocore/data")) {
    return "endpoints.json";
  }
  if (path == "aws-sdk/apis" || path.ends_with("/aws-sdk/apis")) {
    return "metadata.json";
  }
  return {};
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text.append(line).append("\n");
  }
  return text;
}

/// Which pattern of the chain ignores the subject, in words; the innermost file with an opinion decides.
std::optional<std::string> ignored_by(const IgnoreChain& chain, std::string_view subject, bool directory) {
  for (const IgnoreFile* file = chain.get(); file != nullptr; file = file->outer.get()) {
    const IgnoreMatch match = file->patterns.match(subject.substr(file->offset), directory);
    if (match.verdict == IgnoreVerdict::kIncluded) {
      return std::nullopt;
    }
    if (match.verdict == IgnoreVerdict::kIgnored) {
      return "is ignored by " + file->path + " line " + std::to_string(match.line) + " (" + std::string(match.pattern) +
             ")";
    }
  }
  return std::nullopt;
}

/// One call of discover().
class Walk {
 public:
  Walk(const FileSystem& files, const DiscoveryOptions& options)
      : files_(files), exclude_(lines_of(options.exclude)), respect_gitignore_(options.respect_gitignore) {}

  Expected<Inventory> run(const std::vector<std::string>& paths);

 private:
  Expected<Unit> add_given(const std::string& given);
  void walk_root(const Root& root);
  void visit_all(std::vector<Pending> stack, const Root& root);
  void visit(Pending directory, const Root& root, std::vector<Pending>& stack);
  void visit_file(const Pending& parent, const std::string& name, std::string_view subject);
  void follow_links(const Root& root);
  void follow(const Link& link, const Root& root);
  std::optional<std::string> reason_not_to_follow(const std::string& target, bool is_directory, const Root& root) const;
  [[nodiscard]] std::string_view reason_to_stay_out_of(const std::string& path, std::string_view name) const;

  IgnoreChain ancestors_of(const Root& root, std::string& subject) const;
  IgnoreChain with_file(IgnoreChain chain, const std::string& path, const std::string& file, std::size_t offset) const;
  [[nodiscard]] std::optional<std::string> repository_of(const std::string& directory) const;
  IgnoreChain with_repository(const std::string& directory, const std::string& printed, std::size_t offset) const;
  std::optional<std::string> reason_to_ignore(const IgnoreChain& chain, std::string_view subject, bool directory) const;
  void skip(std::string path, std::string canonical, std::string reason, bool is_error);
  void ask_git(StateFile& state) const;

  const FileSystem& files_;
  IgnorePatterns exclude_;
  bool respect_gitignore_;

  Inventory inventory_;
  std::vector<std::string> skipped_canonical_;  ///< of inventory_.skipped, at the same index
  std::vector<std::string> below_roots_;        ///< directories visited, without the roots
  std::vector<Root> roots_;
  std::vector<Link> links_;
  std::unordered_set<std::string> visited_;  ///< canonical paths of directories
  /// Canonical paths of the files taken; filled from the walk only where something may ask (`identify_files_`).
  std::unordered_set<std::string> taken_;
  bool identify_files_ = false;
  std::size_t root_offset_ = 0;  ///< where the present root's own path ends in a subject
};

Expected<Inventory> Walk::run(const std::vector<std::string>& paths) {
  for (const std::string& given : paths) {
    if (const Expected<Unit> added = add_given(given); !added) {
      return added.error();
    }
  }
  identify_files_ = !inventory_.files.empty();
  for (const Root& root : roots_) {
    walk_root(root);
  }

  // What one root leaves out, another may have visited.
  std::vector<SkippedPath> skipped;
  for (std::size_t index = 0; index < inventory_.skipped.size(); ++index) {
    const std::string& canonical = skipped_canonical_[index];
    if (!visited_.contains(canonical) && !taken_.contains(canonical)) {
      skipped.push_back(std::move(inventory_.skipped[index]));
    }
  }
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  std::sort(skipped.begin(), skipped.end(), by_path);
  inventory_.skipped = std::move(skipped);
  std::sort(below_roots_.begin(), below_roots_.end());
  std::move(below_roots_.begin(), below_roots_.end(), std::back_inserter(inventory_.directories));
  std::sort(inventory_.files.begin(), inventory_.files.end(), by_path);
  std::sort(inventory_.states.begin(), inventory_.states.end(), by_path);
  for (StateFile& state : inventory_.states) {
    ask_git(state);
  }
  return std::move(inventory_);
}

/// Sorts one given path into the explicit files or the roots.
Expected<Unit> Walk::add_given(const std::string& given) {
  const Expected<Status> status = files_.status(given);
  if (!status) {
    Error error = status.error();
    error.hint = "give files or directories that exist";
    return error;
  }
  const Expected<std::string> canonical = files_.canonical(given);
  if (!canonical) {
    return canonical.error();
  }
  // "a/../b" is "b" only when "a" is no link to somewhere else.
  std::string path = join_path(".", given);
  if (const Expected<std::string> same = files_.canonical(path); !same || *same != *canonical) {
    path = given;
  }
  if (status->kind == EntryKind::kDirectory) {
    const bool known =
        std::any_of(roots_.begin(), roots_.end(), [&](const Root& root) { return root.canonical == *canonical; });
    if (!known) {
      roots_.push_back({std::move(path), *canonical});
    }
  } else if (status->kind != EntryKind::kFile) {
    skip(std::move(path), *canonical, "is not a regular file", true);
  } else if (taken_.insert(*canonical).second) {
    const FileKind kind = kind_of(name_of(path));
    if (kind == FileKind::kTerraformState) {
      inventory_.states.push_back({.path = path});
    }
    inventory_.files.push_back({std::move(path), kind, true});
  }
  return Unit{};
}

void Walk::walk_root(const Root& root) {
  if (!visited_.insert(root.canonical).second) {
    return;
  }
  inventory_.directories.push_back(root.path);
  inventory_.roots = inventory_.directories.size();
  Pending start{root.path, root.canonical, {}, nullptr};
  if (respect_gitignore_) {
    start.ignore = ancestors_of(root, start.subject);
  }
  root_offset_ = start.subject.size();
  visit_all({std::move(start)}, root);
  follow_links(root);
}

void Walk::visit_all(std::vector<Pending> stack, const Root& root) {
  while (!stack.empty()) {
    Pending next = std::move(stack.back());
    stack.pop_back();
    visit(std::move(next), root, stack);
  }
}

/// The SDKs bring thousands of files that describe all of AWS, with examples of keys and passwords, into the packages
/// of functions. Directories of the same names that are somebody's own are read.
std::string_view Walk::reason_to_stay_out_of(const std::string& path, std::string_view name) const {
  const std::string_view mark = mark_of_sdk(path);
  return !mark.empty() && files_.status(child_path(path, mark)) ? "holds the descriptions of services of an AWS SDK"
                                                                : reason_to_stay_out(name);
}

/// Takes the files of one directory and leaves its directories on the stack, the first one on top.
void Walk::visit(Pending directory, const Root& root, std::vector<Pending>& stack) {
  Expected<std::vector<Entry>> entries = files_.list(directory.path);
  if (!entries) {
    skip(directory.path, directory.canonical, entries.error().message, true);
    return;
  }
  if (directory.canonical != root.canonical) {
    below_roots_.push_back(directory.path);
  }
  if (respect_gitignore_) {
    const auto has = [&](std::string_view name) {
      const auto at = std::lower_bound(entries->begin(), entries->end(), name,
                                       [](const Entry& entry, std::string_view key) { return entry.name < key; });
      return at != entries->end() && at->name == name ? &*at : nullptr;
    };
    const std::size_t offset = directory.subject.size();
    if (directory.canonical != root.canonical && has(".git") != nullptr) {
      directory.ignore = with_repository(directory.canonical, directory.path, offset);
    }
    // As in git, an ignore file that is a link does not count.
    if (const Entry* file = has(".gitignore"); file != nullptr && file->kind == EntryKind::kFile) {
      const std::string path = child_path(directory.path, ".gitignore");
      directory.ignore = with_file(std::move(directory.ignore), path, path, offset);
    }
  }

  const std::size_t first = stack.size();
  for (const Entry& entry : *entries) {
    const std::string subject = directory.subject + entry.name;
    switch (entry.kind) {
      case EntryKind::kFile:
        visit_file(directory, entry.name, subject);
        break;
      case EntryKind::kSymlink:
        links_.push_back({child_path(directory.path, entry.name), child_path(directory.canonical, entry.name), subject,
                          directory.ignore});
        break;
      case EntryKind::kDirectory: {
        std::string path = child_path(directory.path, entry.name);
        std::string canonical = child_path(directory.canonical, entry.name);
        if (const std::string_view reason = reason_to_stay_out_of(path, entry.name); !reason.empty()) {
          if (entry.name != ".git") {
            skip(std::move(path), std::move(canonical), std::string(reason), false);
          }
        } else if (std::optional<std::string> ignored = reason_to_ignore(directory.ignore, subject, true)) {
          skip(std::move(path), std::move(canonical), std::move(*ignored), false);
        } else if (visited_.insert(canonical).second) {
          stack.push_back({std::move(path), std::move(canonical), subject + "/", directory.ignore});
        }
        break;
      }
      case EntryKind::kOther:
        if (const FileKind kind = kind_of(entry.name); kind != FileKind::kOther) {
          std::optional<std::string> ignored = reason_to_ignore(directory.ignore, subject, false);
          const bool missing = !ignored && is_part_of_module(kind);
          skip(child_path(directory.path, entry.name), child_path(directory.canonical, entry.name),
               std::move(ignored).value_or("is not a regular file"), missing);
        }
        break;
    }
  }
  std::reverse(stack.begin() + static_cast<std::ptrdiff_t>(first), stack.end());
}

void Walk::visit_file(const Pending& parent, const std::string& name, std::string_view subject) {
  const FileKind kind = kind_of(name);
  if (kind == FileKind::kOther) {
    return;
  }
  std::string canonical = identify_files_ ? child_path(parent.canonical, name) : std::string();
  if (identify_files_ && taken_.contains(canonical)) {
    return;
  }
  std::optional<std::string> ignored = reason_to_ignore(parent.ignore, subject, false);
  if (kind == FileKind::kTerraformState) {
    inventory_.states.push_back({.path = child_path(parent.path, name), .ignored = ignored.has_value()});
  }
  if (ignored) {
    skip(child_path(parent.path, name), child_path(parent.canonical, name), std::move(*ignored), false);
    return;
  }
  if (identify_files_) {
    taken_.insert(std::move(canonical));
  }
  inventory_.files.push_back({child_path(parent.path, name), kind, false});
}

/// Links are judged in byte order after everything else of the root, so that the result does not depend on which name
/// of a file the walk met first. Directories behind links may hold more links.
void Walk::follow_links(const Root& root) {
  while (!links_.empty()) {
    std::vector<Link> links = std::exchange(links_, {});
    std::sort(links.begin(), links.end(), [](const Link& a, const Link& b) { return a.path < b.path; });
    for (const Link& link : links) {
      follow(link, root);
    }
  }
}

void Walk::follow(const Link& link, const Root& root) {
  const Expected<std::string> target = files_.canonical(link.path);
  const Expected<Status> status = files_.status(link.path);
  const bool leads_somewhere = target.has_value() && status.has_value();
  const bool is_directory = leads_somewhere && status->kind == EntryKind::kDirectory;
  const FileKind kind = kind_of(name_of(link.path));
  if (!is_directory && kind == FileKind::kOther) {
    return;
  }
  // To git a link is a file, even where the pattern wants a directory; to us it is what it leads to.
  std::optional<std::string> ignored = reason_to_ignore(link.ignore, link.subject, false);
  if (!ignored && is_directory) {
    ignored = reason_to_ignore(link.ignore, link.subject, true);
  }
  if (ignored) {
    skip(link.path, link.canonical, std::move(*ignored), false);
    return;
  }
  if (!leads_somewhere) {
    skip(link.path, link.canonical, "is a symbolic link that leads nowhere", true);
    return;
  }
  if (!is_directory && status->kind != EntryKind::kFile) {
    skip(link.path, link.canonical, "is not a regular file", is_part_of_module(kind));
    return;
  }
  if (std::optional<std::string> reason = reason_not_to_follow(*target, is_directory, root)) {
    skip(link.path, link.canonical, std::move(*reason), false);
    return;
  }
  if (is_directory) {
    visited_.insert(*target);
    visit_all({{link.path, *target, link.subject + "/", link.ignore}}, root);
  } else {
    taken_.insert(*target);
    inventory_.files.push_back({link.path, kind, false});
  }
}

std::optional<std::string> Walk::reason_not_to_follow(const std::string& target, bool is_directory,
                                                      const Root& root) const {
  if (!is_within(target, root.canonical)) {
    return "is a symbolic link out of the tree";
  }
  std::string_view below = std::string_view(target).substr(root.canonical.size());
  while (!below.empty()) {
    below.remove_prefix(below.front() == '/' ? 1U : 0U);
    const std::string_view part = below.substr(0, below.find('/'));
    below.remove_prefix(part.size());
    if (!reason_to_stay_out(part).empty()) {
      return "is a symbolic link into " + std::string(part);
    }
  }
  if (is_directory) {
    return visited_.contains(target) ? std::optional<std::string>("is a symbolic link to a directory visited anyway")
                                     : std::nullopt;
  }
  // A file is visited with its directory, unless its name says nothing or it was skipped there.
  const bool visited =
      visited_.contains(directory_of(target)) && kind_of(name_of(target)) != FileKind::kOther &&
      std::find(skipped_canonical_.begin(), skipped_canonical_.end(), target) == skipped_canonical_.end();
  return visited || taken_.contains(target) ? std::optional<std::string>("is a symbolic link to a file visited anyway")
                                            : std::nullopt;
}

/// The patterns of the directories above a root, up to the top of its repository; `subject` becomes the way from there
/// to the root. Nothing when the root is in no repository, or is itself ignored by them: it was asked for.
IgnoreChain Walk::ancestors_of(const Root& root, std::string& subject) const {
  const auto exists = [&](const std::string& path) { return files_.status(path).has_value(); };
  std::string top = root.canonical;
  while (!exists(child_path(top, ".git"))) {
    if (top == "/") {
      return nullptr;
    }
    top = directory_of(top);
  }
  const std::string way =
      top == root.canonical ? std::string() : root.canonical.substr(top == "/" ? 1 : top.size() + 1) + "/";
  IgnoreChain chain = with_repository(top, ".", 0);
  std::size_t at = 0;
  while (at < way.size()) {
    const std::string file = way.substr(0, at) + ".gitignore";
    chain = with_file(std::move(chain), file, child_path(top, file), at);
    at = way.find('/', at) + 1;
    if (ignored_by(chain, std::string_view(way).substr(0, at - 1), true)) {
      return nullptr;
    }
  }
  subject = way;
  return chain;
}

/// Adds an ignore file that may not exist. `path` is as printed.
IgnoreChain Walk::with_file(IgnoreChain chain, const std::string& path, const std::string& file,
                            std::size_t offset) const {
  const Expected<std::string> text = files_.read(file, kMaxIgnoreFileBytes);
  if (!text) {
    return chain;
  }
  IgnorePatterns patterns(*text);
  if (patterns.empty()) {
    return chain;
  }
  return std::make_shared<IgnoreFile>(IgnoreFile{std::move(patterns), path, offset, std::move(chain)});
}

/// Where git keeps what belongs to a work tree: .git, or the place that a file of that name tells; nothing when it
/// tells none.
std::optional<std::string> Walk::repository_of(const std::string& directory) const {
  std::string repository = child_path(directory, ".git");
  if (const Expected<std::string> pointer = files_.read(repository, kMaxIgnoreFileBytes); pointer) {
    constexpr std::string_view kPrefix = "gitdir: ";
    std::string_view line = std::string_view(*pointer).substr(0, pointer->find_first_of("\r\n"));
    if (!line.starts_with(kPrefix)) {
      return std::nullopt;
    }
    line.remove_prefix(kPrefix.size());
    return join_path(directory, line);
  }
  return repository;
}

/// The patterns that a repository keeps to itself. In a linked worktree and in a submodule `.git` is a file that says
/// where the repository is.
IgnoreChain Walk::with_repository(const std::string& directory, const std::string& printed, std::size_t offset) const {
  std::optional<std::string> own = repository_of(directory);
  if (!own) {
    return nullptr;
  }
  std::string repository = std::move(*own);
  if (const Expected<std::string> common = files_.read(child_path(repository, "commondir"), kMaxIgnoreFileBytes);
      common) {
    repository = join_path(repository, std::string_view(*common).substr(0, common->find_first_of("\r\n")));
  }
  return with_file(nullptr, child_path(printed, ".git/info/exclude"), child_path(repository, "info/exclude"), offset);
}

std::optional<std::string> Walk::reason_to_ignore(const IgnoreChain& chain, std::string_view subject,
                                                  bool directory) const {
  const IgnoreMatch match = exclude_.match(subject.substr(root_offset_), directory);
  if (match.verdict == IgnoreVerdict::kIgnored) {
    return "is excluded by configuration (" + std::string(match.pattern) + ")";
  }
  return ignored_by(chain, subject, directory);
}

/// Whether git has the file in its index. There are few states, and mostly none.
void Walk::ask_git(StateFile& state) const {
  const Expected<std::string> canonical = files_.canonical(state.path);
  if (!canonical) {
    return;
  }
  std::string top = directory_of(*canonical);
  while (!files_.status(child_path(top, ".git"))) {
    if (top == "/" || top == ".") {
      return;
    }
    top = directory_of(top);
  }
  state.repository = true;
  constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{256} * 1024 * 1024;
  const Expected<std::string> index =
      files_.read(child_path(repository_of(top).value_or(child_path(top, ".git")), "index"), kMaxIndexBytes);
  if (index) {
    state.tracked = index_has(*index, std::string_view(*canonical).substr(top == "/" ? 1 : top.size() + 1));
  }
}

void Walk::skip(std::string path, std::string canonical, std::string reason, bool is_error) {
  inventory_.skipped.push_back({std::move(path), std::move(reason), is_error});
  // An unreadable directory counts as visited, but must be reported.
  skipped_canonical_.push_back(is_error ? std::string() : std::move(canonical));
}

}  // namespace

FileKind kind_of(std::string_view file_name) {
  struct Suffix {
    std::string_view text;
    FileKind kind;
  };
  // The first that fits decides: longer ones before their own tails.
  static constexpr std::array<Suffix, 12> kSuffixes = {{
      {".tf", FileKind::kTerraform},
      {".tofu", FileKind::kTerraform},
      {".tf.json", FileKind::kTerraformJson},
      {".tofu.json", FileKind::kTerraformJson},
      {".tfvars", FileKind::kTerraformVariables},
      {".tfvars.json", FileKind::kTerraformVariablesJson},
      {".hcl", FileKind::kHcl},
      {".tfbackend", FileKind::kHcl},
      {".json", FileKind::kJson},
      {".yaml", FileKind::kYaml},
      {".yml", FileKind::kYaml},
      {".tfstate", FileKind::kTerraformState},
  }};
  for (const Suffix& suffix : kSuffixes) {
    if (file_name.ends_with(suffix.text)) {
      const bool source = suffix.kind == FileKind::kTerraform || suffix.kind == FileKind::kTerraformJson;
      return source && file_name.starts_with('.') ? FileKind::kOther : suffix.kind;
    }
  }
  if (file_name.find(".tfstate.") != std::string_view::npos && file_name.ends_with(".backup")) {
    return FileKind::kTerraformState;
  }
  return FileKind::kOther;
}

Expected<Inventory> discover(const FileSystem& files, const std::vector<std::string>& paths,
                             const DiscoveryOptions& options) {
  return Walk(files, options).run(paths);
}

}  // namespace gabion::source
