// Every rule file is where its id says and shows what it finds, what it lets pass and what it cannot decide.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "house/repository.h"
#include "source/file_system.h"

namespace gabion::house {
namespace {

using ::testing::IsEmpty;

bool is_rule(std::string_view path) {
  return path.starts_with("rules/") && path.ends_with(".yaml");
}

/// What follows "key: " at the start of a line.
std::string value_of(std::string_view text, std::string_view key) {
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with(key) && line.substr(key.size()).starts_with(": ")) {
      return std::string(line.substr(key.size() + 2));
    }
  }
  return {};
}

/// True when the list of examples has an entry of this kind.
bool has_example(std::string_view text, std::string_view kind) {
  bool in_examples = false;
  for (std::string_view line : lines_of(text)) {
    if (!line.empty() && line.front() != ' ' && line.front() != '-' && line.front() != '#') {
      in_examples = line.starts_with("examples:");
    } else if (in_examples) {
      const std::size_t begin = line.find_first_not_of(" -");
      if (begin != std::string_view::npos && line.substr(begin).starts_with(std::string(kind) + ":")) {
        return true;
      }
    }
  }
  return false;
}

TEST(RuleFiles, LookForExamplesInTheirListOnly) {
  EXPECT_TRUE(has_example("id: x\nexamples:\n  - bad: |\n      a\n", "bad"));
  EXPECT_TRUE(has_example("examples:\n- title: t\n  good: |\n", "good"));
  EXPECT_FALSE(has_example("bad: x\nexamples:\n  - good: |\n", "bad"));
  EXPECT_FALSE(has_example("examples:\n  - good: |\nfix:\n  bad: x\n", "bad"));
}

TEST(RuleFiles, AreCalledLikeTheirIds) {
  std::vector<std::string> found;
  std::set<std::string> ids;
  for (const RepositoryFile& file : repository_files()) {
    if (is_rule(file.path)) {
      const std::string id = value_of(file.text, "id");
      if (id.empty() || std::string(source::name_of(file.path)) != id + ".yaml" || !ids.insert(id).second) {
        found.push_back(file.path + " has id '" + id + "'");
      }
    }
  }
  EXPECT_THAT(found, IsEmpty()) << "rules/<provider>/<service>/<id>.yaml, each id once";
}

TEST(RuleFiles, ShowBadGoodAndUnknown) {
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    for (const char* kind : {"bad", "good", "unknown"}) {
      if (is_rule(file.path) && !has_example(file.text, kind)) {
        found.push_back(file.path + " has no example of kind " + kind);
      }
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

/// True when some line, at any depth, gives this key.
bool has_key(std::string_view text, std::string_view key) {
  for (const std::string_view line : lines_of(text)) {
    const std::size_t begin = line.find_first_not_of(" -");
    if (begin != std::string_view::npos && line.substr(begin).starts_with(std::string(key) + ": ")) {
      return true;
    }
  }
  return false;
}

TEST(RuleFiles, SayWhat) {
  std::vector<std::string> found;
  for (const RepositoryFile& file : repository_files()) {
    if (!is_rule(file.path)) {
      continue;
    }
    for (const char* key : {"title", "severity", "why"}) {
      if (value_of(file.text, key).empty()) {
        found.push_back(file.path + " has no " + key);
      }
    }
    if (!has_key(file.text, "message")) {  // a rule of several checks has one in each
      found.push_back(file.path + " has no message");
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

}  // namespace
}  // namespace gabion::house
