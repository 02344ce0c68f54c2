#include "lsp/project_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gabion::lsp {
namespace {

constexpr std::uint64_t kMost = 1000;

TEST(RememberedFiles, StartsInItsDirectoryAndAsksOnce) {
  source::MemoryFileSystem disk;
  disk.write("/srv/a/main.tf", "one");
  const RememberedFiles files(disk, "/srv/a");
  EXPECT_EQ(*files.read("main.tf", kMost), "one");
  EXPECT_EQ(*files.canonical("."), "/srv/a");
  EXPECT_EQ(files.list(".")->size(), 1U);
  EXPECT_FALSE(files.status("new.tf"));
  disk.write("/srv/a/main.tf", "two");
  disk.write("/srv/a/new.tf", "x");
  EXPECT_EQ(*files.read("./main.tf", kMost), "one");
  EXPECT_EQ(files.list(".")->size(), 1U);
  EXPECT_FALSE(files.status("new.tf"));
}

TEST(RememberedFiles, LooksAgainOnceItForgot) {
  source::MemoryFileSystem disk;
  disk.write("/srv/a/main.tf", "one");
  RememberedFiles files(disk, "/srv/a");
  EXPECT_EQ(*files.read("main.tf", kMost), "one");
  EXPECT_FALSE(files.read("gone.tf", kMost));
  disk.write("/srv/a/main.tf", "two");
  disk.write("/srv/a/gone.tf", "back");
  EXPECT_TRUE(files.read("gone.tf", kMost)) << "what could not be read is tried again";
  files.forget();
  EXPECT_EQ(*files.read("main.tf", kMost), "two");
  EXPECT_EQ(files.list(".")->size(), 2U);
}

TEST(RememberedFiles, KeepsToTheLimitOfEachQuestion) {
  source::MemoryFileSystem disk;
  disk.write("/srv/big.tf", std::string(100, 'x'));
  const RememberedFiles files(disk, "/srv");
  EXPECT_TRUE(files.read("big.tf", 100));
  EXPECT_FALSE(files.read("big.tf", 99));
  EXPECT_TRUE(files.read("big.tf", 100));
}

TEST(RecordedFiles, TellsWhetherTheAnswersWouldBeTheSame) {
  source::MemoryFileSystem before;
  before.write("/srv/config", "a");
  before.write("/srv/rules/one.yaml", "x");
  before.write("/srv/other", "y");
  const RecordedFiles recorded(before);
  EXPECT_EQ(*recorded.read("/srv/config", kMost), "a");
  EXPECT_TRUE(recorded.list("/srv/rules"));
  EXPECT_FALSE(recorded.status("/srv/absent"));
  EXPECT_TRUE(recorded.same_in(before));
  before.write("/srv/other", "z");
  EXPECT_TRUE(recorded.same_in(before)) << "nobody asked for it";
  before.write("/srv/config", "b");
  EXPECT_FALSE(recorded.same_in(before));
  before.write("/srv/config", "a");
  EXPECT_TRUE(recorded.same_in(before));
  before.write("/srv/rules/two.yaml", "x");
  EXPECT_FALSE(recorded.same_in(before));
}

TEST(RecordedFiles, NoticesFilesThatCome) {
  source::MemoryFileSystem before;
  before.write("/srv/a", "");
  const RecordedFiles recorded(before);
  EXPECT_FALSE(recorded.status("/srv/.gabion.yaml"));
  before.write("/srv/.gabion.yaml", "");
  EXPECT_FALSE(recorded.same_in(before));
}

}  // namespace
}  // namespace gabion::lsp
