// A folder of analyzer/ includes itself and the folders of the lines above its own in layers.txt, nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>

#include "house/repository.h"

namespace gabion::house {
namespace {

using Floors = std::map<std::string, int, std::less<>>;

/// Line number of every folder in layers.txt.
Floors read_floors() {
  Floors floors;
  for (const RepositoryFile& file : repository_files()) {
    if (file.path != "tests/house/layers.txt") {
      continue;
    }
    int number = 0;
    for (std::string_view line : lines_of(file.text)) {
      ++number;
      while (!line.empty()) {
        const std::size_t end = std::min(line.find(' '), line.size());
        floors.emplace(line.substr(0, end), number);
        line.remove_prefix(std::min(end + 1, line.size()));
      }
    }
  }
  return floors;
}

/// "eval" of "analyzer/eval/functions/format.h", or nothing.
std::optional<std::string> folder_of(std::string_view path) {
  constexpr std::string_view kTop = "analyzer/";
  if (!path.starts_with(kTop)) {
    return std::nullopt;
  }
  path.remove_prefix(kTop.size());
  return std::string(path.substr(0, path.find('/')));
}

/// What is between the delimiters of an #include line.
std::optional<std::string_view> included(std::string_view line, char open, char close) {
  constexpr std::string_view kInclude = "#include ";
  if (!line.starts_with(kInclude) || line.size() <= kInclude.size() || line[kInclude.size()] != open) {
    return std::nullopt;
  }
  line.remove_prefix(kInclude.size() + 1);
  return line.substr(0, line.find(close));
}

/// The includes of one file that its floor does not permit, as "file includes header".
std::vector<std::string> violations(const Floors& floors, const RepositoryFile& file) {
  std::vector<std::string> found;
  const std::string own = folder_of(file.path).value();
  for (const std::string_view line : lines_of(file.text)) {
    const std::optional<std::string_view> header = included(line, '"', '"');
    if (!header) {
      continue;
    }
    const std::string_view folder = header->substr(0, header->find('/'));
    const auto theirs = floors.find(folder);
    const bool permitted = theirs != floors.end() && (folder == own || theirs->second < floors.find(own)->second);
    if (!permitted) {
      found.push_back(file.path + " includes " + std::string(*header));
    }
  }
  return found;
}

TEST(Layering, KnowsEveryFolder) {
  const Floors floors = read_floors();
  ASSERT_FALSE(floors.empty());
  std::set<std::string> unknown;
  for (const RepositoryFile& file : repository_files()) {
    if (const std::optional<std::string> folder = folder_of(file.path); folder && !floors.contains(*folder)) {
      unknown.insert(*folder);
    }
  }
  EXPECT_THAT(unknown, ::testing::IsEmpty()) << "folders of analyzer/ without a line in tests/house/layers.txt";
}

TEST(Layering, FoldersIncludeOnlyFloorsAbove) {
  const Floors floors = read_floors();
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    const std::optional<std::string> folder = folder_of(file.path);
    if (folder && floors.contains(*folder) && is_cpp(file.path)) {
      for (std::string& violation : violations(floors, file)) {
        found.push_back(std::move(violation));
      }
    }
  }
  EXPECT_THAT(found, ::testing::IsEmpty());
}

TEST(Layering, SeesAViolation) {
  const Floors floors = {{"source", 1}, {"eval", 2}, {"cli", 3}, {"lsp", 3}};
  const RepositoryFile file{"analyzer/eval/x.h",
                            "#include <vector>\n#include \"source/a.h\"\n#include \"eval/b.h\"\n#include \"cli/c.h\"\n"
                            "#include \"x.h\"\n"};
  EXPECT_THAT(violations(floors, file),
              ::testing::ElementsAre("analyzer/eval/x.h includes cli/c.h", "analyzer/eval/x.h includes x.h"));
  EXPECT_THAT(violations(floors, {"analyzer/lsp/x.h", "#include \"cli/c.h\"\n"}), ::testing::SizeIs(1))
      << "folders of one line do not know each other";
}

TEST(Layering, TreeSitterStaysInSyntax) {
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    const bool inside = file.path.starts_with("analyzer/syntax/") || file.path.starts_with("tests/unit/syntax/") ||
                        file.path.starts_with("grammars/");
    if (!is_cpp(file.path) || inside) {
      continue;
    }
    for (const std::string_view line : lines_of(file.text)) {
      const std::optional<std::string_view> header = included(line, '<', '>');
      if (header && header->starts_with("tree_sitter/")) {
        found.push_back(file.path);
      }
    }
  }
  EXPECT_THAT(found, ::testing::IsEmpty());
}

}  // namespace
}  // namespace gabion::house
