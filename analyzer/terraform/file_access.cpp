#include "terraform/file_access.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "source/file_system.h"
#include "terraform/library.h"

namespace gabion::terraform {
namespace {

/// Directory entries that one fileset() may look at, and how deep: a tree of configuration stays far below.
constexpr std::size_t kMaxEntries = 100'000;
constexpr std::size_t kMaxDirectoryDepth = 64;
/// Alternatives of braces after expansion.
constexpr std::size_t kMaxPatterns = 256;

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  while (at <= path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    if (slash > at) {
      parts.push_back(path.substr(at, slash - at));
    }
    at = slash + 1;
  }
  return parts;
}

/// Matches "[a-z]" at pattern[at]; moves `at` behind the class.
bool matches_class(std::string_view pattern, std::size_t& at, char c) {
  std::size_t in = at + 1;
  const bool negated = in < pattern.size() && (pattern[in] == '^' || pattern[in] == '!');
  if (negated) {
    ++in;
  }
  bool found = false;
  bool first = true;
  while (in < pattern.size() && (first || pattern[in] != ']')) {
    first = false;
    if (pattern[in] == '\\' && in + 1 < pattern.size()) {
      ++in;
    }
    const char low = pattern[in++];
    char high = low;
    if (in + 1 < pattern.size() && pattern[in] == '-' && pattern[in + 1] != ']') {
      high = pattern[in + 1];
      in += 2;
    }
    found = found || (low <= c && c <= high);
  }
  at = in + 1;
  return found != negated;
}

/// One path component against one pattern component. Iterative: a star is retried from where it last stood.
bool matches_component(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (n < name.size()) {
    bool ok = false;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
      continue;
    }
    if (p < pattern.size()) {
      if (pattern[p] == '?') {
        ++p;
        ok = true;
      } else if (pattern[p] == '[') {
        std::size_t next = p;
        ok = matches_class(pattern, next, name[n]);
        p = ok ? next : p;
      } else {
        const std::size_t literal = pattern[p] == '\\' && p + 1 < pattern.size() ? p + 1 : p;
        ok = pattern[literal] == name[n];
        p = ok ? literal + 1 : p;
      }
    }
    if (ok) {
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

bool matches_parts(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& path) {
  // reachable[i]: the first i pattern parts match the path parts seen so far.
  std::vector<bool> reachable(pattern.size() + 1, false);
  const auto close = [&](std::vector<bool>& states) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (states[i] && pattern[i] == "**") {
        states[i + 1] = true;
      }
    }
  };
  reachable[0] = true;
  close(reachable);
  for (const std::string_view part : path) {
    std::vector<bool> next(pattern.size() + 1, false);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (!reachable[i]) {
        continue;
      }
      if (pattern[i] == "**") {
        next[i] = true;
      } else if (matches_component(pattern[i], part)) {
        next[i + 1] = true;
      }
    }
    close(next);
    reachable = std::move(next);
  }
  return reachable[pattern.size()];
}

/// Expands {a,b}; nested braces are expanded from the outside in.
std::vector<std::string> expand_braces(std::string_view pattern) {
  std::vector<std::string> pending{std::string(pattern)};
  std::vector<std::string> done;
  while (!pending.empty() && done.size() + pending.size() < kMaxPatterns) {
    const std::string current = std::move(pending.back());
    pending.pop_back();
    const std::size_t open = current.find('{');
    std::size_t depth = 0;
    std::size_t end = open;
    std::vector<std::size_t> commas;
    for (; end != std::string::npos && end < current.size(); ++end) {
      if (current[end] == '{') {
        ++depth;
      } else if (current[end] == '}' && --depth == 0) {
        break;
      } else if (current[end] == ',' && depth == 1) {
        commas.push_back(end);
      }
    }
    if (open == std::string::npos || end >= current.size()) {
      done.push_back(current);
      continue;
    }
    commas.push_back(end);
    std::size_t from = open + 1;
    for (const std::size_t comma : commas) {
      pending.push_back(current.substr(0, open) + current.substr(from, comma - from) + current.substr(end + 1));
      from = comma + 1;
    }
  }
  return done;
}

/// Where a search starts and what is looked for there.
struct Search {
  std::string top;
  std::string pattern;  ///< of paths below the top
  std::string prefix;   ///< from the directory that the results are relative to, to the top
};

/// The pattern may leave the directory by "..", and begins with the names of directories often.
Search plan_search(const std::string& base, std::string_view pattern) {
  while (pattern.starts_with('/')) {
    pattern.remove_prefix(1);
  }
  const std::string whole = source::join_path(base, pattern);
  const auto parts = [](std::string_view path) {
    return path == "." ? std::vector<std::string_view>() : components(path);
  };
  const std::vector<std::string_view> from = parts(base);
  const std::vector<std::string_view> to = parts(whole);
  std::size_t common = 0;
  while (common < from.size() && common < to.size() && from[common] == to[common]) {
    ++common;
  }
  std::size_t fixed = common;
  while (fixed + 1 < to.size() && to[fixed].find_first_of("*?[{\\") == std::string_view::npos) {
    ++fixed;
  }
  Search search;
  for (std::size_t up = common; up < from.size(); ++up) {
    search.prefix += "../";
  }
  search.top = whole.starts_with('/') ? "/" : "";
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::string part(to[i]);
    if (i < fixed) {
      search.top += (search.top.empty() || search.top == "/" ? "" : "/") + part;
      search.prefix += i < common ? "" : part + "/";
    } else {
      search.pattern += (i > fixed ? "/" : "") + part;
    }
  }
  search.top = search.top.empty() ? "." : search.top;
  return search;
}

source::Error refusal(std::string path) {
  return {"lies outside of the directories that are analysed", std::move(path), 0, 0,
          "analyse a directory that contains it, or allow reading outside"};
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view path) {
  const auto parts = components(path);
  const auto patterns = expand_braces(pattern);
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& one) { return matches_parts(components(one), parts); });
}

source::Expected<const source::Artifact*> FileAccess::read(std::string_view path) const {
  const std::string full = source::join_path(directory_, path);
  const auto status = library_.files().status(full);
  if (!status) {
    return status.error();
  }
  if (status->kind != source::EntryKind::kFile) {
    return source::Error{"is not a regular file", full, 0, 0, ""};
  }
  if (!library_.may_read(full)) {
    return refusal(full);
  }
  return library_.artifact(full);
}

bool FileAccess::exists(std::string_view path) const {
  return state(path) == eval::FileState::kFile;
}

eval::FileState FileAccess::state(std::string_view path) const {
  return state_of(source::join_path(directory_, path));
}

eval::FileState FileAccess::state_of(const std::string& full) const {
  if (!library_.may_read(full)) {
    // What is not there has the rights of the directory that it would be in.
    const bool somewhere = library_.files().canonical(full).has_value();
    std::string above = source::directory_of(full);
    while (!somewhere && !library_.files().canonical(above) && above != source::directory_of(above)) {
      above = source::directory_of(above);
    }
    if (somewhere || !library_.may_read(above)) {
      return eval::FileState::kRefused;
    }
    // Nothing can be below a file.
    const auto status = library_.files().status(above);
    return status && status->kind == source::EntryKind::kFile ? eval::FileState::kOther : eval::FileState::kAbsent;
  }
  const auto status = library_.files().status(full);
  if (!status) {
    return eval::FileState::kAbsent;
  }
  return status->kind == source::EntryKind::kFile ? eval::FileState::kFile : eval::FileState::kOther;
}

source::Expected<std::vector<std::string>> FileAccess::glob(std::string_view directory,
                                                            std::string_view pattern) const {
  const std::string base = source::join_path(directory_, directory);
  const Search search = plan_search(base, pattern);
  if (state_of(search.top) == eval::FileState::kRefused) {
    return refusal(search.top);
  }
  struct Pending {
    std::string below;  ///< path below the top, empty for itself
    std::size_t depth;
  };
  std::vector<Pending> pending;
  const auto top = library_.files().status(search.top);
  if (search.pattern.empty() && top && top->kind == source::EntryKind::kFile && search.prefix.empty()) {
    return std::vector<std::string>{"."};  // the directory is a file, and the pattern stands for itself
  }
  if (!search.pattern.empty() && top && top->kind == source::EntryKind::kDirectory) {
    pending.push_back({"", 0});
  }
  std::vector<std::string> found;
  std::size_t looked_at = 0;
  while (!pending.empty()) {
    const Pending current = std::move(pending.back());
    pending.pop_back();
    const auto entries =
        library_.files().list(current.below.empty() ? search.top : source::join_path(search.top, current.below));
    if (!entries) {
      if (current.below.empty()) {
        return entries.error();
      }
      continue;
    }
    for (const source::Entry& entry : *entries) {
      if (++looked_at > kMaxEntries) {
        return source::Error{"has too many entries below it", search.top, 0, 0, "name a smaller directory"};
      }
      std::string below = current.below.empty() ? entry.name : current.below + "/" + entry.name;
      source::EntryKind kind = entry.kind;
      const bool matches = matches_glob(search.pattern, below);
      if (kind == source::EntryKind::kSymlink) {
        const std::string full = source::join_path(search.top, below);
        const auto status = library_.files().status(full);
        // Terraform fails for a link to nothing unless the pattern stands for whatever is below.
        if (matches && !library_.may_read(full) && (status || !search.pattern.ends_with("**"))) {
          return refusal(full);
        }
        kind = status && library_.may_read(full) ? status->kind : source::EntryKind::kOther;
      }
      if (kind == source::EntryKind::kFile && matches) {
        found.push_back(search.prefix + below);
      } else if (kind == source::EntryKind::kDirectory && current.depth < kMaxDirectoryDepth) {
        pending.push_back({std::move(below), current.depth + 1});
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace gabion::terraform
