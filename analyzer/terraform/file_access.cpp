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
  const std::string full = source::join_path(directory_, path);
  const auto status = library_.files().status(full);
  return status && status->kind == source::EntryKind::kFile && library_.may_read(full);
}

source::Expected<std::vector<std::string>> FileAccess::glob(std::string_view directory,
                                                            std::string_view pattern) const {
  const std::string top = source::join_path(directory_, directory);
  if (!library_.may_read(top)) {
    return refusal(top);
  }
  struct Pending {
    std::string below;  ///< path below `top`, empty for itself
    std::size_t depth;
  };
  std::vector<Pending> pending{{"", 0}};
  std::vector<std::string> found;
  std::size_t looked_at = 0;
  while (!pending.empty()) {
    const Pending current = std::move(pending.back());
    pending.pop_back();
    const auto entries = library_.files().list(current.below.empty() ? top : source::join_path(top, current.below));
    if (!entries) {
      if (current.below.empty()) {
        return entries.error();
      }
      continue;
    }
    for (const source::Entry& entry : *entries) {
      if (++looked_at > kMaxEntries) {
        return source::Error{"has too many entries below it", top, 0, 0, "name a smaller directory"};
      }
      std::string below = current.below.empty() ? entry.name : current.below + "/" + entry.name;
      if (entry.kind == source::EntryKind::kDirectory) {
        if (current.depth < kMaxDirectoryDepth) {
          pending.push_back({std::move(below), current.depth + 1});
        }
      } else if (entry.kind == source::EntryKind::kFile && matches_glob(pattern, below)) {
        found.push_back(std::move(below));
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace gabion::terraform
