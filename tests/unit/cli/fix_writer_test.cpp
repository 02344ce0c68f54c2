#include "cli/fix_writer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace gabion::cli {
namespace {

namespace fs = std::filesystem;

/// The disk, where somebody changes a file just before it is read for the given time.
class BusyDisk final : public source::FileSystem {
 public:
  BusyDisk(std::string victim, int when) : victim_(std::move(victim)), when_(when) {}
  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override {
    if (path.ends_with(victim_) && ++reads_ == when_) {
      std::ofstream(path, std::ios::app) << "# somebody\n";
    }
    return disk_.read(path, max_bytes);
  }
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override {
    return disk_.list(path);
  }
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override {
    return disk_.status(path);
  }
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override {
    return disk_.canonical(path);
  }

 private:
  source::DiskFileSystem disk_;
  std::string victim_;
  int when_;
  mutable int reads_ = 0;
};

class FixWriterTest : public testing::Test {
 protected:
  FixWriterTest() : directory_(fs::temp_directory_path() / ("fix-writer-" + std::to_string(getpid()))) {
    fs::create_directories(directory_);
    for (const char* name : {"a", "b", "c"}) {
      std::ofstream(path(name)) << "old\n";
      files_[path(name)] = {"old\n", "new\n"};
    }
  }
  FixWriterTest(const FixWriterTest&) = delete;
  FixWriterTest& operator=(const FixWriterTest&) = delete;
  ~FixWriterTest() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (directory_ / name).string(); }
  [[nodiscard]] std::string text(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(path(name)).rdbuf();
    return out.str();
  }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  fs::path directory_;
  ChangedFiles files_;
};

TEST_F(FixWriterTest, WritesAll) {
  ASSERT_TRUE(write_all(files_, source::DiskFileSystem()));
  EXPECT_EQ(text("a") + text("b") + text("c"), "new\nnew\nnew\n");
  EXPECT_EQ(entries(), 3U);
}

TEST_F(FixWriterTest, TouchesNothingWhenAFileChangedBefore) {
  const auto written = write_all(files_, BusyDisk("/b", 1));
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("changed while"), std::string::npos);
  EXPECT_EQ(text("a") + text("c"), "old\nold\n");
  EXPECT_EQ(entries(), 3U);
}

TEST_F(FixWriterTest, RollsBackWhenAFileChangesHalfWay) {
  // The second reading is the one just before the file is replaced, when "a" has been already.
  ASSERT_FALSE(write_all(files_, BusyDisk("/b", 2)));
  EXPECT_EQ(text("a"), "old\n");
  EXPECT_EQ(text("b"), "old\n# somebody\n");
  EXPECT_EQ(text("c"), "old\n");
  EXPECT_EQ(entries(), 3U);
}

TEST_F(FixWriterTest, MakesAFileThatIsNotThereYet) {
  files_[path(".ignore")] = {"", "*.tfstate\n"};
  ASSERT_TRUE(write_all(files_, source::DiskFileSystem()));
  EXPECT_EQ(text(".ignore"), "*.tfstate\n");
  EXPECT_EQ(text("a"), "new\n");
  EXPECT_EQ(entries(), 4U);
}

TEST_F(FixWriterTest, TakesANewFileBackWhenAnotherChangesHalfWay) {
  files_[path(".ignore")] = {"", "*.tfstate\n"};  // the first in order
  const BusyDisk disk("c", 2);
  EXPECT_FALSE(write_all(files_, disk));
  EXPECT_FALSE(fs::exists(path(".ignore")));
  EXPECT_EQ(text("a"), "old\n");
  EXPECT_EQ(entries(), 3U);
}

TEST_F(FixWriterTest, LeavesAFileAloneThatAppeared) {
  files_[path(".ignore")] = {"", "*.tfstate\n"};
  std::ofstream(path(".ignore")) << "somebody's\n";
  EXPECT_FALSE(write_all(files_, source::DiskFileSystem()));
  EXPECT_EQ(text(".ignore"), "somebody's\n");
  EXPECT_EQ(text("a"), "old\n");
}

TEST_F(FixWriterTest, ClearsAwayWhatKilledRunsLeft) {
  std::ofstream(path(".a.gabion-999999999.new")) << "x";
  std::ofstream(path(".a.gabion-me.new")) << "not ours";
  ASSERT_TRUE(write_all(files_, source::DiskFileSystem()));
  EXPECT_FALSE(fs::exists(path(".a.gabion-999999999.new")));
  EXPECT_TRUE(fs::exists(path(".a.gabion-me.new")));
}

}  // namespace
}  // namespace gabion::cli
