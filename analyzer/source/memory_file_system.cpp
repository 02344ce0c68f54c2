#include <algorithm>
#include <deque>
#include <optional>

#include "source/file_system.h"

namespace gabion::source {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

/// Where relative paths start, deep enough for a test to go up a step or two.
constexpr std::string_view kWorkingDirectory = "/home/project";
/// As many links as Linux follows in one path.
constexpr int kMaxLinks = 40;

Error problem(std::string_view message, const std::string& path) {
  Error error;
  error.message = message;
  error.path = path;
  return error;
}

void push_components(std::deque<std::string>& front, std::string_view path) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    if (slash > at) {
      parts.emplace_back(path.substr(at, slash - at));
    }
    at = slash + 1;
  }
  front.insert(front.begin(), parts.begin(), parts.end());
}

/// The absolute path that `path` means, links followed component by component; nothing when there are too many.
std::optional<std::string> resolve(const Texts& links, std::string_view path) {
  std::deque<std::string> rest;
  push_components(rest, path);
  if (!path.starts_with('/')) {
    push_components(rest, kWorkingDirectory);
  }
  std::string resolved;
  int followed = 0;
  while (!rest.empty()) {
    const std::string part = std::move(rest.front());
    rest.pop_front();
    if (part == ".") {
      continue;
    }
    if (part == "..") {
      resolved.resize(resolved.empty() ? 0 : resolved.rfind('/'));
      continue;
    }
    const std::size_t parent = resolved.size();
    resolved.append("/").append(part);
    const auto link = links.find(resolved);
    if (link == links.end()) {
      continue;
    }
    if (++followed > kMaxLinks) {
      return std::nullopt;
    }
    resolved.resize(link->second.starts_with('/') ? 0 : parent);
    push_components(rest, link->second);
  }
  return resolved.empty() ? "/" : resolved;
}

/// Everything below a directory starts with this.
std::string prefix_of(const std::string& directory) {
  return directory == "/" ? directory : directory + "/";
}

bool has_children(const Texts& texts, const std::string& directory) {
  const std::string prefix = prefix_of(directory);
  const auto first = texts.lower_bound(prefix);
  return first != texts.end() && first->first.starts_with(prefix);
}

/// Adds the names right below `prefix`; `kind` is what an entry without anything below it is.
void add_entries(const Texts& texts, const std::string& prefix, EntryKind kind, std::vector<Entry>& entries) {
  for (auto at = texts.lower_bound(prefix); at != texts.end() && at->first.starts_with(prefix); ++at) {
    const std::string_view rest = std::string_view(at->first).substr(prefix.size());
    const std::size_t slash = rest.find('/');
    entries.push_back(
        {std::string(rest.substr(0, slash)), slash == std::string_view::npos ? kind : EntryKind::kDirectory});
  }
}

void sort_unique(std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  const auto same = [](const Entry& a, const Entry& b) { return a.name == b.name; };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

}  // namespace

void MemoryFileSystem::write(std::string_view path, std::string contents) {
  files_.insert_or_assign(join_path(kWorkingDirectory, path), std::move(contents));
}

void MemoryFileSystem::link(std::string_view path, std::string target) {
  links_.insert_or_assign(join_path(kWorkingDirectory, path), std::move(target));
}

Expected<std::string> MemoryFileSystem::read(const std::string& path, std::uint64_t max_bytes) const {
  const std::optional<std::string> resolved = resolve(links_, path);
  if (!resolved) {
    return problem("cannot read: too many levels of symbolic links", path);
  }
  const auto file = files_.find(*resolved);
  if (file == files_.end()) {
    const bool directory = has_children(files_, *resolved) || has_children(links_, *resolved);
    return problem(directory ? "cannot read: is a directory" : "cannot read: no such file or directory", path);
  }
  if (file->second.size() > max_bytes) {
    return problem("cannot read: larger than " + std::to_string(max_bytes) + " bytes", path);
  }
  return file->second;
}

Expected<std::vector<Entry>> MemoryFileSystem::list(const std::string& path) const {
  const std::optional<std::string> resolved = resolve(links_, path);
  if (!resolved) {
    return problem("cannot list: too many levels of symbolic links", path);
  }
  if (files_.contains(*resolved)) {
    return problem("cannot list: not a directory", path);
  }
  std::vector<Entry> entries;
  const std::string prefix = prefix_of(*resolved);
  add_entries(files_, prefix, EntryKind::kFile, entries);
  add_entries(links_, prefix, EntryKind::kSymlink, entries);
  if (entries.empty() && *resolved != kWorkingDirectory) {
    return problem("cannot list: no such file or directory", path);
  }
  sort_unique(entries);
  return entries;
}

Expected<Status> MemoryFileSystem::status(const std::string& path) const {
  const std::optional<std::string> resolved = resolve(links_, path);
  if (!resolved) {
    return problem("cannot open: too many levels of symbolic links", path);
  }
  if (const auto file = files_.find(*resolved); file != files_.end()) {
    return Status{EntryKind::kFile, file->second.size()};
  }
  if (*resolved == kWorkingDirectory || has_children(files_, *resolved) || has_children(links_, *resolved)) {
    return Status{EntryKind::kDirectory, 0};
  }
  return problem("cannot open: no such file or directory", path);
}

Expected<std::string> MemoryFileSystem::canonical(const std::string& path) const {
  if (const Expected<Status> found = status(path); !found) {
    return found.error();
  }
  return *resolve(links_, path);
}

void OverlayFileSystem::write(std::string_view path, std::string contents) {
  files_.insert_or_assign(key_of(std::string(path)), std::move(contents));
}

std::string OverlayFileSystem::key_of(const std::string& path) const {
  if (Expected<std::string> whole = base_.canonical(path); whole) {
    return std::move(*whole);
  }
  if (const Expected<std::string> directory = base_.canonical(directory_of(path)); directory) {
    return join_path(*directory, name_of(path));
  }
  return join_path(".", path);
}

const std::string* OverlayFileSystem::find(const std::string& path) const {
  // Resolving costs system calls: only for the few paths whose last name is one of ours.
  const std::string_view name = name_of(path);
  const bool candidate =
      std::any_of(files_.begin(), files_.end(), [&](const auto& file) { return name_of(file.first) == name; });
  if (!candidate) {
    return nullptr;
  }
  const auto found = files_.find(key_of(path));
  return found == files_.end() ? nullptr : &found->second;
}

Expected<std::string> OverlayFileSystem::read(const std::string& path, std::uint64_t max_bytes) const {
  const std::string* contents = find(path);
  if (contents == nullptr) {
    return base_.read(path, max_bytes);
  }
  if (contents->size() > max_bytes) {
    return problem("cannot read: larger than " + std::to_string(max_bytes) + " bytes", path);
  }
  return *contents;
}

Expected<std::vector<Entry>> OverlayFileSystem::list(const std::string& path) const {
  Expected<std::vector<Entry>> entries = base_.list(path);
  if (!entries || files_.empty()) {
    return entries;
  }
  const Expected<std::string> directory = base_.canonical(path);
  if (!directory) {
    return directory.error();
  }
  // The base's entries come first of two equal ones, so that a link stays a link.
  const std::string prefix = prefix_of(*directory);
  for (const auto& [file, contents] : files_) {
    if (file.starts_with(prefix) && file.find('/', prefix.size()) == std::string::npos) {
      const std::string name = file.substr(prefix.size());
      const bool known =
          std::any_of(entries->begin(), entries->end(), [&](const Entry& entry) { return entry.name == name; });
      if (!known) {
        entries->push_back({name, EntryKind::kFile});
      }
    }
  }
  sort_unique(*entries);
  return entries;
}

Expected<Status> OverlayFileSystem::status(const std::string& path) const {
  if (const std::string* contents = find(path)) {
    return Status{EntryKind::kFile, contents->size()};
  }
  return base_.status(path);
}

Expected<std::string> OverlayFileSystem::canonical(const std::string& path) const {
  if (find(path) != nullptr) {
    return key_of(path);
  }
  return base_.canonical(path);
}

}  // namespace gabion::source
