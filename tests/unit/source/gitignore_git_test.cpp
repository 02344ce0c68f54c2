// Our matching against git's own, on generated patterns and paths. Skipped where git is not installed.
#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "source/discovery.h"
#include "unit/source/temporary_tree.h"

namespace gabion::source {
namespace {

/// Lines of a command's standard output.
std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) {
    return lines;
  }
  std::string line;
  for (int character = std::fgetc(output); character != EOF; character = std::fgetc(output)) {
    if (character == '\n') {
      lines.push_back(std::exchange(line, {}));
    } else {
      line += static_cast<char>(character);
    }
  }
  ::pclose(output);
  return lines;
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string pattern() {
    static const std::vector<std::string> pieces = {
        "a",   "b",   "ab",   "*",    "**",  "/",    "/", "?",    "[a]",   "[!a]",        "[a-b]", "\\a",
        "**/", "/**", "/**/", "*.tf", ".tf", "a.tf", "[", "[]a]", "[^/b]", "[[:alpha:]]", "b/"};
    std::string pattern = below(5) == 0 ? "!" : "";
    pattern += below(6) == 0 ? "/" : "";
    for (unsigned left = 1 + below(4); left > 0; --left) {
      pattern += pieces[below(static_cast<unsigned>(pieces.size()))];
    }
    pattern += below(6) == 0 ? "/" : "";
    return pattern + (below(12) == 0 ? " " : "") + "\n";
  }

  std::string ignore_file() {
    std::string text;
    for (unsigned left = 1 + below(4); left > 0; --left) {
      text += pattern();
    }
    return text;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  std::mt19937 random_;
};

TEST(GitignoreAgainstGit, AgreesOnGeneratedPatterns) {
  if (lines_of("git --version 2>/dev/null").empty()) {
    GTEST_SKIP() << "git is not installed";
  }
  const TemporaryTree tree;
  ASSERT_FALSE(lines_of("git init 2>/dev/null").empty());
  for (const char* directory : {"", "a/", "b/", "ab/", "a/a/", "a/b/", "b/a/", "ab/a/b/", "a/b/a/"}) {
    for (const char* name : {"a.tf", "b.tf", "ab.tf", ".tf", "a.json"}) {
      // ".tf" would be nobody's: Terraform does not read it.
      tree.write(std::string(directory) + (std::string_view(name) == ".tf" ? "x.tf" : name));
    }
  }
  const std::string list =
      "git -c core.excludesFile=/dev/null ls-files --others --exclude-per-directory=.gitignore -- '*.tf' '*.json'";
  Generator generator(20240229);
  for (int round = 0; round < 100; ++round) {
    const std::string top = generator.ignore_file();
    const std::string nested = generator.ignore_file();
    tree.write(".gitignore", top);
    tree.write("a/.gitignore", nested);
    const std::vector<std::string> listed = lines_of(list);
    const std::set<std::string> expected(listed.begin(), listed.end());
    const Expected<Inventory> inventory = discover(DiskFileSystem(), {"."}, {});
    ASSERT_TRUE(inventory);
    std::set<std::string> actual;
    for (const DiscoveredFile& file : inventory->files) {
      actual.insert(file.path);
    }
    ASSERT_EQ(actual, expected) << ".gitignore:\n" << top << "\na/.gitignore:\n" << nested;
  }
}

}  // namespace
}  // namespace gabion::source
