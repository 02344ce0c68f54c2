#include "lsp/project_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gabion::lsp {
namespace {

constexpr std::uint64_t kMost = 1000;

TEST(RememberedFiles, StartsInItsDirectoryAndAsksOnce) {
  source::MemoryFileSystem disk;
  disk.write("/work/a/main.tf", "one");
  const RememberedFiles files(disk, "/work/a");
  EXPECT_EQ(*files.read("main.tf", kMost), "one");
  EXPECT_EQ(*files.canonical("."), "/work/a");
  EXPECT_EQ(files.list(".")->size(), 1U);
  EXPECT_FALSE(files.status("new.tf"));
  disk.write("/work/a/main.tf", "two");
  disk.write("/work/a/new.tf", "x");
  EXPECT_EQ(*files.read("./main.tf", kMost), "one");
  EXPECT_EQ(files.list(".")->size(), 1U);
  EXPECT_FALSE(files.status("new.tf"));
}

TEST(RememberedFiles, LooksAgainOnceItForgot) {
  source::MemoryFileSystem disk;
  disk.write("/work/a/main.tf", "one");
  RememberedFiles files(disk, "/work/a");
  EXPECT_EQ(*files.read("main.tf", kMost), "one");
  EXPECT_FALSE(files.read("gone.tf", kMost));
  disk.write("/work/a/main.tf", "two");
  disk.write("/work/a/gone.tf", "back");
  EXPECT_TRUE(files.read("gone.tf", kMost)) << "what could not be read is tried again";
  files.forget();
  EXPECT_EQ(*files.read("main.tf", kMost), "two");
  EXPECT_EQ(files.list(".")->size(), 2U);
}

TEST(RememberedFiles, KeepsToTheLimitOfEachQuestion) {
  source::MemoryFileSystem disk;
  disk.write("/work/big.tf", std::string(100, 'x'));
  const RememberedFiles files(disk, "/work");
  EXPECT_TRUE(files.read("big.tf", 100));
  EXPECT_FALSE(files.read("big.tf", 99));
  EXPECT_TRUE(files.read("big.tf", 100));
}

TEST(RecordedFiles, TellsWhetherTheAnswersWouldBeTheSame) {
  source::MemoryFileSystem before;
  before.write("/work/config", "a");
  before.write("/work/rules/one.yaml", "x");
  before.write("/work/other", "y");
  const RecordedFiles recorded(before);
  EXPECT_EQ(*recorded.read("/work/config", kMost), "a");
  EXPECT_TRUE(recorded.list("/work/rules"));
  EXPECT_FALSE(recorded.status("/work/absent"));
  EXPECT_TRUE(recorded.same_in(before));
  before.write("/work/other", "z");
  EXPECT_TRUE(recorded.same_in(before)) << "nobody asked for it";
  before.write("/work/config", "b");
  EXPECT_FALSE(recorded.same_in(before));
  before.write("/work/config", "a");
  EXPECT_TRUE(recorded.same_in(before));
  before.write("/work/rules/two.yaml", "x");
  EXPECT_FALSE(recorded.same_in(before));
}

TEST(RecordedFiles, NoticesFilesThatCome) {
  source::MemoryFileSystem before;
  before.write("/work/a", "");
  const RecordedFiles recorded(before);
  EXPECT_FALSE(recorded.status("/work/.gabion.yaml"));
  before.write("/work/.gabion.yaml", "");
  EXPECT_FALSE(recorded.same_in(before));
}

}  // namespace
}  // namespace gabion::lsp
