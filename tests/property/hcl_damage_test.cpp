// tests: syntax
// Damaged files keep what is whole: our samples, cut at any place or with a character taken out, have every block that
// precedes the damage, unchanged, and every attribute that recovery reports is one of the original or of the new text.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/hcl/print.h"
#include "syntax/hcl/recovery.h"

namespace gabion::syntax::hcl {
namespace {

struct Tolerant {
  explicit Tolerant(std::string text)
      : artifact(source::ArtifactId{0}, "sample.tf", std::move(text), source::Role::kProject),
        result(parse_tolerantly(artifact, arena, limits)) {}
  source::Artifact artifact;
  source::Arena arena;
  source::Limits limits;
  ParsedBody result;
};

std::vector<std::filesystem::path> samples() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(GABION_TESTDATA_DIR) / "syntax")) {
    if (entry.path().extension() == ".tf") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A block as text that does not depend on its place.
std::string show(const Block& block) {
  Body body{{}, std::span<const Block>(&block, 1), block.region, true};
  return print_tree(body);
}

void check_regions(const Body& body, const Region& within) {
  EXPECT_TRUE(within.contains(body.region));
  for (const Attribute& attribute : body.attributes) {
    EXPECT_TRUE(body.region.contains(attribute.region));
  }
  for (const Block& block : body.blocks) {
    EXPECT_TRUE(body.region.contains(block.region));
    EXPECT_TRUE(block.region.contains(block.header) && block.region.contains(block.open_brace()) &&
                block.region.contains(block.close_brace()));
    check_regions(*block.body, block.region);
  }
}

/// Blocks of the original that end before `damage` are in the damaged text as they were, in order.
void check(const Tolerant& original, const std::string& text, std::size_t damage, const std::string& what) {
  SCOPED_TRACE(what);
  const Tolerant damaged(text);
  check_regions(*damaged.result.body, damaged.artifact.whole());
  for (const auto& diagnostic : damaged.result.diagnostics) {
    EXPECT_TRUE(damaged.artifact.whole().contains(diagnostic.region));
  }
  std::size_t index = 0;
  for (const Block& block : original.result.body->blocks) {
    // The line end behind a block, of one or two bytes, is part of what makes it whole.
    if (block.region.end + 1 >= damage) {
      break;
    }
    ASSERT_LT(index, damaged.result.body->blocks.size());
    EXPECT_EQ(show(damaged.result.body->blocks[index]), show(block));
    ++index;
  }
  if (damaged.result.ok()) {
    // Nothing to complain about: then nothing may be missing either.
    EXPECT_EQ(print_source(*damaged.result.body, damaged.artifact), text);
  }
}

TEST(HclDamage, CutFilesKeepTheBlocksBeforeTheCut) {
  std::mt19937 random(20240611);
  for (const auto& path : samples()) {
    const Tolerant original(read(path));
    ASSERT_TRUE(original.result.ok()) << path;
    const std::string text(original.artifact.bytes());
    for (int i = 0; i < 150 && !text.empty(); ++i) {
      const std::size_t at = random() % text.size();
      check(original, text.substr(0, at), at, path.filename().string() + " cut at " + std::to_string(at));
    }
  }
}

TEST(HclDamage, FilesWithoutAMarkKeepTheBlocksBeforeIt) {
  for (const auto& path : samples()) {
    const Tolerant original(read(path));
    const std::string text(original.artifact.bytes());
    for (std::size_t at = text.find_first_of("{}[]()\"="); at != std::string::npos;
         at = text.find_first_of("{}[]()\"=", at + 1)) {
      std::string damaged = text;
      damaged.erase(at, 1);
      check(original, damaged, at, path.filename().string() + " without the byte " + std::to_string(at));
    }
  }
}

TEST(HclDamage, FilesWithStrayMarksKeepTheBlocksBeforeThem) {
  std::mt19937 random(7);
  constexpr std::string_view kMarks = "{}[]()\"=,?:$%<>~\n\0\xFF";
  for (const auto& path : samples()) {
    const Tolerant original(read(path));
    const std::string text(original.artifact.bytes());
    for (int i = 0; i < 150 && !text.empty(); ++i) {
      const std::size_t at = random() % text.size();
      std::string damaged = text;
      damaged.insert(at, 1, kMarks[random() % kMarks.size()]);
      check(original, damaged, at, path.filename().string() + " with a mark at " + std::to_string(at));
    }
  }
}

/// Without one closing brace, the block that lost it is the only top-level block that is not whole.
TEST(HclDamage, AMissingBraceCostsOneBlock) {
  const auto path = std::filesystem::path(GABION_TESTDATA_DIR) / "syntax" / "security_group.tf";
  const Tolerant original(read(path));
  const std::string text(original.artifact.bytes());
  for (std::size_t lost = 0; lost + 1 < original.result.body->blocks.size(); ++lost) {
    std::string damaged = text;
    damaged.erase(original.result.body->blocks[lost].close_brace().begin, 1);
    const Tolerant tolerant(damaged);
    ASSERT_EQ(tolerant.result.body->blocks.size(), original.result.body->blocks.size()) << lost;
    for (std::size_t i = 0; i < tolerant.result.body->blocks.size(); ++i) {
      const Block& block = tolerant.result.body->blocks[i];
      EXPECT_EQ(block.body->complete, i != lost);
      EXPECT_EQ(block.body->attributes.size(), original.result.body->blocks[i].body->attributes.size());
      EXPECT_EQ(block.body->blocks.size(), original.result.body->blocks[i].body->blocks.size());
    }
  }
}

}  // namespace
}  // namespace gabion::syntax::hcl
