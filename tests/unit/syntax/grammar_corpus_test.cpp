// The cases of grammars/terraform/test/corpus, which are in the format of the grammar's generator, run against the
// library: each source has exactly the tree that is written below it.
#include <gtest/gtest.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

extern "C" const TSLanguage* tree_sitter_terraform(void);

namespace gabion::syntax::hcl {
namespace {

struct Case {
  std::string file;
  std::string title;
  std::string source;
  std::string tree;
};

bool is_rule(std::string_view line, char mark) {
  return line.size() >= 3 && std::all_of(line.begin(), line.end(), [mark](char c) { return c == mark; });
}

/// White space between the tokens of a tree means nothing.
std::string squeeze(std::string_view tree) {
  std::string result;
  for (const char c : tree) {
    const bool blank = c == ' ' || c == '\n';
    if (blank && (result.empty() || result.back() == ' ')) {
      continue;
    }
    if (c == ')' && !result.empty() && result.back() == ' ') {
      result.pop_back();
    }
    result.push_back(blank ? ' ' : c);
  }
  while (!result.empty() && result.back() == ' ') {
    result.pop_back();
  }
  return result;
}

std::vector<Case> read_cases(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::vector<Case> cases;
  enum class Part { kBefore, kSource, kTree } part = Part::kBefore;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (part != Part::kSource && is_rule(lines[i], '=') && i + 2 < lines.size() && is_rule(lines[i + 2], '=')) {
      cases.push_back({path.filename().string(), lines[i + 1], {}, {}});
      part = Part::kSource;
      i += 2;
    } else if (part == Part::kSource && is_rule(lines[i], '-')) {
      // One line end after the heading and one before the rule belong to the format.
      std::string& source = cases.back().source;
      source.erase(0, 1);
      if (!source.empty()) {
        source.pop_back();
      }
      part = Part::kTree;
    } else if (part == Part::kSource) {
      cases.back().source += lines[i] + '\n';
    } else if (part == Part::kTree) {
      cases.back().tree += lines[i] + '\n';
    }
  }
  return cases;
}

std::vector<Case> all_cases() {
  std::vector<std::filesystem::path> files;
  const auto folder = std::filesystem::path(GABION_SOURCE_DIR) / "grammars" / "terraform" / "test" / "corpus";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Case> cases;
  for (const auto& file : files) {
    const std::vector<Case> more = read_cases(file);
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

std::string tree_of(std::string_view source) {
  const std::unique_ptr<TSParser, void (*)(TSParser*)> parser(ts_parser_new(), ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), tree_sitter_terraform())) {
    return "the library refuses the grammar";
  }
  const std::unique_ptr<TSTree, void (*)(TSTree*)> tree(
      ts_parser_parse_string(parser.get(), nullptr, source.data(), static_cast<std::uint32_t>(source.size())),
      ts_tree_delete);
  const std::unique_ptr<char, void (*)(void*)> text(ts_node_string(ts_tree_root_node(tree.get())), std::free);
  return squeeze(text.get());
}

TEST(GrammarCorpus, TreesAreAsWritten) {
  const std::vector<Case> cases = all_cases();
  EXPECT_GE(cases.size(), 40U);
  for (const Case& each : cases) {
    EXPECT_EQ(tree_of(each.source), squeeze(each.tree)) << each.file << ": " << each.title;
  }
}

TEST(GrammarCorpus, TitlesAreUnique) {
  std::vector<std::string> titles;
  for (const Case& each : all_cases()) {
    titles.push_back(each.title);
  }
  std::sort(titles.begin(), titles.end());
  EXPECT_EQ(std::adjacent_find(titles.begin(), titles.end()), titles.end());
}

/// A case of "damage" is one because the grammar says so; the others have no sign of damage.
TEST(GrammarCorpus, OnlyDamageLooksDamaged) {
  for (const Case& each : all_cases()) {
    const bool damaged =
        each.tree.find("(ERROR") != std::string::npos || each.tree.find("MISSING") != std::string::npos ||
        each.tree.find("(unclosed)") != std::string::npos || each.tree.find("(absent)") != std::string::npos ||
        each.tree.find("(misplaced_newline)") != std::string::npos;
    EXPECT_EQ(damaged, each.file == "damage.txt") << each.title;
  }
}

}  // namespace
}  // namespace gabion::syntax::hcl
