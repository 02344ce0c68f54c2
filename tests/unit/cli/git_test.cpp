// ChangedFileSystem: a tree with some files as they were.
#include "cli/git.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gabion::cli {
namespace {

using testing::ElementsAre;

std::vector<std::string> names(const source::FileSystem& files, const std::string& path) {
  std::vector<std::string> result;
  const auto entries = files.list(path);
  EXPECT_TRUE(entries);
  for (const source::Entry& entry : entries ? *entries : std::vector<source::Entry>{}) {
    result.push_back(entry.name);
  }
  return result;
}

TEST(ChangedFileSystemTest, ShowsWhatWasThere) {
  source::MemoryFileSystem base;
  base.write("a/kept.tf", "kept");
  base.write("a/changed.tf", "now");
  base.write("a/added.tf", "new");
  const auto here = base.canonical(".");
  ASSERT_TRUE(here);
  const auto at = [&](const char* path) { return source::join_path(*here, path); };
  const ChangedFileSystem files(
      base, {{at("a/changed.tf"), "then"}, {at("a/added.tf"), std::nullopt}, {at("gone/deep/old.tf"), "old"}});
  EXPECT_THAT(names(files, "a"), ElementsAre("changed.tf", "kept.tf"));
  EXPECT_THAT(names(files, "."), ElementsAre("a", "gone"));
  EXPECT_THAT(names(files, "gone"), ElementsAre("deep"));
  EXPECT_THAT(names(files, "gone/deep"), ElementsAre("old.tf"));
  EXPECT_EQ(*files.read("a/changed.tf", 100), "then");
  EXPECT_EQ(*files.read("gone/deep/../deep/old.tf", 100), "old");
  EXPECT_EQ(*files.read("a/kept.tf", 100), "kept");
  EXPECT_FALSE(files.read("a/added.tf", 100));
  EXPECT_FALSE(files.read("a/changed.tf", 3));
  EXPECT_FALSE(files.status("a/added.tf"));
  EXPECT_EQ(files.status("gone/deep")->kind, source::EntryKind::kDirectory);
  EXPECT_EQ(files.status("gone/deep/old.tf")->size, 3U);
  EXPECT_EQ(*files.canonical("gone/deep/old.tf"), at("gone/deep/old.tf"));
}

}  // namespace
}  // namespace gabion::cli
