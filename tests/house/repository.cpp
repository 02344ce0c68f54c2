#include "house/repository.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "source/file_system.h"

namespace gabion::house {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{256} * 1024 * 1024;

std::vector<std::string> tracked_files(const std::string& top) {
  std::vector<std::string> paths;
  FILE* output = ::popen(("git -C '" + top + "' ls-files -z 2>/dev/null").c_str(), "r");
  if (output == nullptr) {
    return paths;
  }
  std::string path;
  for (int character = std::fgetc(output); character != EOF; character = std::fgetc(output)) {
    if (character != '\0') {
      path += static_cast<char>(character);
    } else if (!path.empty()) {
      paths.push_back(std::exchange(path, {}));
    }
  }
  ::pclose(output);
  return paths;
}

std::vector<std::string> files_below(const std::string& top) {
  std::vector<std::string> paths;
  for (auto at = std::filesystem::recursive_directory_iterator(top); at != std::filesystem::end(at); ++at) {
    const std::string name = at->path().filename().string();
    if (at->is_directory() && (name == ".git" || name == ".cache" || name.starts_with("build"))) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file()) {
      paths.push_back(at->path().lexically_relative(top).generic_string());
    }
  }
  return paths;
}

std::vector<RepositoryFile> read_repository() {
  const std::string top = GABION_SOURCE_DIR;
  std::vector<std::string> paths;
  if (std::filesystem::exists(top + "/.git")) {
    paths = tracked_files(top);
  }
  if (paths.empty()) {
    paths = files_below(top);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<RepositoryFile> files;
  for (std::string& path : paths) {
    // A tracked file that is being removed is not there to be read.
    if (source::Expected<std::string> text = source::DiskFileSystem().read(source::join_path(top, path), kMaxBytes);
        text) {
      files.push_back({std::move(path), std::move(*text)});
    }
  }
  return files;
}

}  // namespace

const std::vector<RepositoryFile>& repository_files() {
  static const std::vector<RepositoryFile> files = read_repository();
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::set<std::string> listed_in(std::string_view path) {
  std::set<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    if (file.path == path) {
      for (const std::string_view line : lines_of(file.text)) {
        if (!line.empty() && line.front() != '#') {
          found.emplace(line);
        }
      }
    }
  }
  return found;
}

bool is_cpp(std::string_view path) {
  return path.ends_with(".cpp") || is_header(path);
}

bool is_header(std::string_view path) {
  return path.ends_with(".h") && !path.starts_with("grammars/");
}

}  // namespace gabion::house
