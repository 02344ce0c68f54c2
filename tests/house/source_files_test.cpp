// Names and first lines of source files, and words that have no place in a repository.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "house/repository.h"
#include "source/file_system.h"
#include "source/text.h"

namespace gabion::house {
namespace {

using ::testing::IsEmpty;

bool ours(std::string_view path) {
  return (path.starts_with("analyzer/") || path.starts_with("tests/") || path.starts_with("bench/")) && is_cpp(path);
}

bool is_snake_case(std::string_view name) {
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), [](char character) {
           return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '_';
         });
}

TEST(SourceFiles, HaveNamesInSnakeCase) {
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    const std::string_view name = source::name_of(file.path);
    if (ours(file.path) && !is_snake_case(name.substr(0, name.rfind('.')))) {
      found.push_back(file.path);
    }
    for (const char* other : {".cc", ".cxx", ".hpp", ".hh"}) {
      if (file.path.ends_with(other)) {
        found.push_back(file.path);
      }
    }
  }
  EXPECT_THAT(found, IsEmpty()) << "sources are called like_this.cpp and like_this.h";
}

TEST(SourceFiles, UnitTestsAreCalledAfterWhatTheyTest) {
  std::set<std::string> folders;
  for (const RepositoryFile& file : repository_files()) {
    if (file.path.starts_with("analyzer/")) {
      folders.insert(file.path.substr(9, file.path.find('/', 9) - 9));
    }
  }
  std::vector<std::string> found;
  constexpr std::string_view kUnit = "tests/unit/";
  for (const RepositoryFile& file : repository_files()) {
    if (!file.path.starts_with(kUnit)) {
      continue;
    }
    const std::string folder = file.path.substr(kUnit.size(), file.path.find('/', kUnit.size()) - kUnit.size());
    const bool test_without_suffix = file.path.ends_with(".cpp") && !file.path.ends_with("_test.cpp") &&
                                     file.text.find("\nTEST") != std::string::npos;
    if (!folders.contains(folder) || test_without_suffix) {
      found.push_back(file.path);
    }
  }
  EXPECT_THAT(found, IsEmpty()) << "tests/unit/<folder of analyzer>/<what>_test.cpp";
}

TEST(SourceFiles, HeadersStartWithAComment) {
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    if (ours(file.path) && is_header(file.path) &&
        (!file.text.starts_with("// ") || file.text.find("\n#pragma once\n") == std::string::npos)) {
      found.push_back(file.path);
    }
  }
  EXPECT_THAT(found, IsEmpty()) << "a header opens with what it is, who calls it, what it promises; then #pragma once";
}

TEST(SourceFiles, HeadersUseNoNamespace) {
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    if (ours(file.path) && is_header(file.path) && file.text.find("using namespace ") != std::string::npos) {
      found.push_back(file.path);
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

TEST(SourceFiles, AreUtf8WithUnixLineEnds) {
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    const bool text = ours(file.path) || file.path.ends_with(".md") || file.path.ends_with(".cmake");
    const source::TextFacts facts = source::inspect_text(file.text);
    const bool good = facts.is_text() && facts.mark == source::ByteOrderMark::kNone &&
                      facts.line_ends == source::LineEnds::kLf && facts.ends_with_newline;
    if (text && !good) {
      found.push_back(file.path);
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

TEST(Repository, NamesNoMachineAndNoRegistry) {
  // Put together from halves, so that this file does not name them either.
  std::vector<std::string> words;
  for (const auto& [first, second] :
       std::initializer_list<std::pair<const char*, const char*>>{{"/wo", "rk/"},
                                                                  {"/tm", "p/"},
                                                                  {"/ro", "ot/"},
                                                                  {"regis", "try.npmjs.org"},
                                                                  {"pypi", ".org"},
                                                                  {"proxy.golang", ".org"},
                                                                  {"index.crates", ".io"},
                                                                  {"deb.deb", "ian.org"},
                                                                  {"local", "host:"}}) {
    words.push_back(std::string(first) + second);
  }
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    // Inputs of tests may hold anything; generated sources are not written by us.
    if (file.path.starts_with("testdata/") || file.path.starts_with("grammars/terraform/src/")) {
      continue;
    }
    for (const std::string& word : words) {
      if (file.text.find(word) != std::string::npos) {
        found.push_back(file.path + " says " + word);
      }
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

}  // namespace
}  // namespace gabion::house
