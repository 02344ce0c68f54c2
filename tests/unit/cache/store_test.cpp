#include "cache/store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "unit/source/temporary_tree.h"

namespace gabion::cache {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::Test {
 protected:
  static Store opened(StoreLimits limits = {}) {
    auto store = Store::open("cache", limits);
    EXPECT_TRUE(store.has_value());
    return std::move(*store);
  }
  static fs::path file_of(const Digest& key) { return fs::path("cache/v1/entries") / hexadecimal(key); }
  static std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  static void overwrite(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }

  source::TemporaryTree tree_;
  const Digest key_ = digest_of("key");
};

TEST_F(StoreTest, GivesBackWhatWasWritten) {
  const Store store = opened();
  EXPECT_FALSE(store.read(key_));
  ASSERT_TRUE(store.write(key_, std::string("a\0b", 3)));
  EXPECT_EQ(store.read(key_), std::string("a\0b", 3));
  ASSERT_TRUE(store.write(key_, "other"));
  EXPECT_EQ(opened().read(key_), "other");
  EXPECT_FALSE(store.read(digest_of("another key")));
}

TEST_F(StoreTest, IsForTheUserAlone) {
  const mode_t before = ::umask(0);
  ASSERT_TRUE(opened().write(key_, "x"));
  ::umask(before);
  EXPECT_EQ(mode_of("cache"), 0700U);
  EXPECT_EQ(mode_of("cache/v1"), 0700U);
  EXPECT_EQ(mode_of("cache/v1/entries"), 0700U);
  EXPECT_EQ(mode_of(file_of(key_)), 0600U);
  EXPECT_EQ(bytes_of("cache/v1/.gitignore"), "*\n");
}

TEST_F(StoreTest, IsNotOpenedWhereOthersCanWrite) {
  ASSERT_TRUE(opened().write(key_, "x"));
  fs::permissions("cache/v1/entries", fs::perms::owner_all | fs::perms::group_write);
  EXPECT_FALSE(Store::open("cache"));
  fs::permissions("cache/v1/entries", fs::perms::owner_all);
  EXPECT_TRUE(Store::open("cache"));
  fs::permissions("cache/v1", fs::perms::all);
  EXPECT_FALSE(Store::open("cache"));
}

TEST_F(StoreTest, FollowsNoLinkBelowItsDirectory) {
  tree_.directory("elsewhere");
  tree_.directory("cache");
  fs::create_directory_symlink(fs::absolute("elsewhere"), "cache/v1");
  EXPECT_FALSE(Store::open("cache"));
  fs::remove("cache/v1");

  const Store store = opened();
  overwrite("elsewhere/entry", sealed(key_, "of somebody else"));
  fs::create_symlink(fs::absolute("elsewhere/entry"), file_of(key_));
  EXPECT_FALSE(store.read(key_));
  // Written in place of the link, not through it.
  ASSERT_TRUE(store.write(key_, "own"));
  EXPECT_EQ(store.read(key_), "own");
  EXPECT_EQ(bytes_of("elsewhere/entry"), sealed(key_, "of somebody else"));
}

TEST_F(StoreTest, TakesNoEntryWithAnyByteChanged) {
  const Store store = opened();
  ASSERT_TRUE(store.write(key_, "contents"));
  const std::string whole = bytes_of(file_of(key_));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 1);
    overwrite(file_of(key_), broken);
    EXPECT_FALSE(store.read(key_)) << at;
    overwrite(file_of(key_), whole.substr(0, at));
    EXPECT_FALSE(store.read(key_)) << at;
  }
  overwrite(file_of(key_), whole + "x");
  EXPECT_FALSE(store.read(key_));
  overwrite(file_of(key_), whole);
  EXPECT_TRUE(store.read(key_));
}

TEST_F(StoreTest, TakesNoEntryOfAnotherKey) {
  const Store store = opened();
  ASSERT_TRUE(store.write(key_, "contents"));
  fs::copy_file(file_of(key_), file_of(digest_of("another key")));
  EXPECT_FALSE(store.read(digest_of("another key")));
}

TEST_F(StoreTest, WaitsForNoPipeAndReadsNoDirectory) {
  const Store store = opened();
  ASSERT_EQ(::mkfifo(file_of(key_).c_str(), S_IRUSR | S_IWUSR), 0);
  EXPECT_FALSE(store.read(key_));
  fs::remove(file_of(key_));
  fs::create_directory(file_of(key_));
  EXPECT_FALSE(store.read(key_));
  EXPECT_FALSE(store.write(key_, "x"));
  EXPECT_FALSE(store.read(key_));
}

TEST_F(StoreTest, RemovesWhatWasUnusedLongest) {
  const std::string contents(1000, 'x');
  const Store store = opened({.total_bytes = 3500, .entry_bytes = 2000});
  std::vector<Digest> keys;
  for (int i = 0; i < 3; ++i) {
    keys.push_back(digest_of(std::to_string(i)));
    ASSERT_TRUE(store.write(keys.back(), contents));
    fs::last_write_time(file_of(keys.back()), fs::file_time_type::clock::now() - std::chrono::hours(10 - i));
  }
  ASSERT_TRUE(store.read(keys[0]));  // used now
  ASSERT_TRUE(store.write(key_, contents));
  EXPECT_TRUE(store.read(keys[0]));
  EXPECT_FALSE(store.read(keys[1]));
  EXPECT_TRUE(store.read(keys[2]));
  EXPECT_TRUE(store.read(key_));
  // One that is too large alone is not kept, and costs no other.
  EXPECT_FALSE(store.write(digest_of("large"), std::string(2001, 'x')));
  EXPECT_TRUE(store.read(key_));
}

TEST_F(StoreTest, LeavesForeignFilesAlone) {
  const Store store = opened({.total_bytes = 10, .entry_bytes = 2000});
  overwrite("cache/v1/entries/notes.txt", std::string(5000, 'x'));
  ASSERT_TRUE(store.write(key_, "contents"));
  ASSERT_TRUE(store.write(digest_of("other"), "contents"));
  EXPECT_TRUE(fs::exists("cache/v1/entries/notes.txt"));
  EXPECT_FALSE(store.read(key_));
  EXPECT_TRUE(store.read(digest_of("other")));
}

TEST_F(StoreTest, RemovesWhatKilledProcessesLeft) {
  const Store store = opened();
  overwrite("cache/v1/entries/.new-1-2", "half");
  overwrite("cache/v1/entries/.new-3-4", "half");
  fs::last_write_time("cache/v1/entries/.new-1-2", fs::file_time_type::clock::now() - std::chrono::hours(2));
  // Not every entry looks at the others.
  constexpr int kEnough = 400;
  for (int i = 0; i < kEnough; ++i) {
    ASSERT_TRUE(store.write(digest_of("key " + std::to_string(i)), "contents"));
  }
  EXPECT_FALSE(fs::exists("cache/v1/entries/.new-1-2"));
  EXPECT_TRUE(fs::exists("cache/v1/entries/.new-3-4"));
}

TEST_F(StoreTest, SaysWhenTheDirectoryCannotBeMade) {
  tree_.write("file", "");
  EXPECT_FALSE(Store::open("file/cache"));
  EXPECT_FALSE(Store::open("file"));
}

}  // namespace
}  // namespace gabion::cache
