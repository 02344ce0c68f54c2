#include "cli/command_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/completions.h"
#include "cli/manual.h"

namespace gabion::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const CommandEntry& find(const std::vector<CommandEntry>& tree, const std::string& name) {
  const auto found =
      std::find_if(tree.begin(), tree.end(), [&](const CommandEntry& entry) { return entry.name == name; });
  EXPECT_NE(found, tree.end()) << name;
  return found == tree.end() ? tree.front() : *found;
}

const OptionEntry& option(const CommandEntry& command, const std::string& name) {
  const auto found = std::find_if(command.options.begin(), command.options.end(),
                                  [&](const OptionEntry& entry) { return entry.name == name; });
  EXPECT_NE(found, command.options.end()) << name;
  return found == command.options.end() ? command.options.front() : *found;
}

TEST(CommandTree, HasAWordForEverything) {
  const std::vector<CommandEntry> tree = command_tree(CommandLine());
  for (const CommandEntry& command : tree) {
    EXPECT_THAT(command.description, Not(IsEmpty())) << command.name;
    for (const OptionEntry& entry : command.options) {
      EXPECT_THAT(entry.description, Not(IsEmpty())) << command.name << ' ' << entry.name;
    }
  }
  EXPECT_THAT(tree.front().children, Contains("scan"));
  // For developers only.
  EXPECT_THAT(tree.front().children, Not(Contains("docs")));
  EXPECT_THAT(find(tree, "policy").children, Contains("prove"));
}

TEST(CommandTree, KnowsWhatOptionsTake) {
  const std::vector<CommandEntry> tree = command_tree(CommandLine());
  const CommandEntry& scan = find(tree, "scan");
  EXPECT_THAT(option(scan, "--format").choices, Contains("sarif"));
  EXPECT_EQ(option(scan, "--fail-on").choices, (std::vector<std::string>{"low", "medium", "high", "critical"}));
  EXPECT_EQ(option(scan, "--config").value, "FILE");
  EXPECT_EQ(option(scan, "--statistics").value, "");
  EXPECT_TRUE(option(scan, "PATH").positional);
  EXPECT_TRUE(option(scan, "--report").repeatable);
  EXPECT_FALSE(option(scan, "--output").repeatable);
  EXPECT_EQ(option(find(tree, "show"), "--format").choices, (std::vector<std::string>{"text", "json"}));
}

TEST(Completions, ExistForTheShellsThatAreNamed) {
  const std::vector<CommandEntry> tree = command_tree(CommandLine());
  for (const std::string_view shell : completion_shells()) {
    std::ostringstream out;
    EXPECT_TRUE(write_completions(shell, tree, out));
    EXPECT_THAT(out.str(), HasSubstr("min-severity")) << shell;
  }
  std::ostringstream out;
  EXPECT_FALSE(write_completions("tcsh", tree, out));
  EXPECT_THAT(out.str(), IsEmpty());
}

TEST(Manual, NamesEveryOption) {
  const std::vector<CommandEntry> tree = command_tree(CommandLine());
  const std::string page = manual_page(tree);
  for (const CommandEntry& command : tree) {
    for (const OptionEntry& entry : command.options) {
      std::string name = entry.name;
      for (std::size_t at = name.find('-'); at != std::string::npos; at = name.find('-', at + 2)) {
        name.insert(at, "\\");
      }
      EXPECT_THAT(page, HasSubstr(name)) << command.name;
    }
  }
}

}  // namespace
}  // namespace gabion::cli
