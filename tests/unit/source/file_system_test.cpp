#include "source/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit/source/temporary_tree.h"

namespace gabion::source {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 32U;

/// "name" of a file, "name/" of a directory, "name@" of a link, "name|" of the rest.
std::vector<std::string> listing(const FileSystem& files, const std::string& path) {
  std::vector<std::string> names;
  const Expected<std::vector<Entry>> entries = files.list(path);
  if (!entries) {
    return {entries.error().message};
  }
  for (const Entry& entry : *entries) {
    const char* mark = entry.kind == EntryKind::kFile        ? ""
                       : entry.kind == EntryKind::kDirectory ? "/"
                       : entry.kind == EntryKind::kSymlink   ? "@"
                                                             : "|";
    names.push_back(entry.name + mark);
  }
  return names;
}

std::string text_of(const FileSystem& files, const std::string& path, std::uint64_t max_bytes = kNoLimit) {
  Expected<std::string> text = files.read(path, max_bytes);
  return text ? *text : "error: " + text.error().message;
}

TEST(DiskFileSystem, ReadsWholeFiles) {
  const TemporaryTree tree;
  tree.write("a.tf", std::string("x\0y\r\n", 5));
  tree.write("empty.tf");
  tree.write("large.tf", std::string(300'000, 'z'));
  const DiskFileSystem disk;
  EXPECT_EQ(text_of(disk, "a.tf"), std::string("x\0y\r\n", 5));
  EXPECT_EQ(text_of(disk, "empty.tf"), "");
  EXPECT_EQ(text_of(disk, "large.tf").size(), 300'000U);
}

TEST(DiskFileSystem, ReadsFilesWithoutAKnownSize) {
  const std::string status = text_of(DiskFileSystem(), "/proc/self/status");
  if (status.starts_with("error")) {
    GTEST_SKIP() << "no /proc here";
  }
  EXPECT_THAT(status, HasSubstr("Name:"));
  EXPECT_THAT(status, EndsWith("\n"));
}

TEST(DiskFileSystem, RefusesFilesOverTheLimit) {
  const TemporaryTree tree;
  tree.write("a.tf", "12345");
  const DiskFileSystem disk;
  EXPECT_EQ(text_of(disk, "a.tf", 5), "12345");
  EXPECT_EQ(text_of(disk, "a.tf", 4), "error: cannot read: larger than 4 bytes");
}

TEST(DiskFileSystem, ReadsManyFilesAsItReadsEach) {
  const TemporaryTree tree;
  std::vector<std::string> paths{"absent.tf", "d", "large.tf", "/proc/self/limits"};
  tree.directory("d");
  tree.write("large.tf", std::string(300'000, 'z'));
  constexpr int kMany = 700;
  for (int i = 0; i < kMany; ++i) {
    paths.push_back("f" + std::to_string(i) + ".tf");
    tree.write(paths.back(), std::to_string(i));
  }
  const DiskFileSystem disk;
  const auto check = [&] {
    constexpr std::uint64_t kLimit = 100'000;
    const std::vector<Expected<std::string>> texts = disk.read_all(paths, kLimit);
    ASSERT_EQ(texts.size(), paths.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
      EXPECT_EQ(texts[i] ? *texts[i] : "error: " + texts[i].error().message, text_of(disk, paths[i], kLimit));
    }
  };
  check();
  // With room for a few open files only.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{.rlim_cur = 40, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  check();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(DiskFileSystem, SaysWhyItCannotRead) {
  const TemporaryTree tree;
  tree.directory("d");
  const DiskFileSystem disk;
  const Expected<std::string> missing = disk.read("no.tf", kNoLimit);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "cannot read: no such file or directory");
  EXPECT_EQ(missing.error().path, "no.tf");
  EXPECT_EQ(text_of(disk, "d"), "error: cannot read: is a directory");
  EXPECT_THAT(listing(disk, "no"), ElementsAre("cannot list: no such file or directory"));
  EXPECT_FALSE(disk.status("no"));
  EXPECT_FALSE(disk.canonical("no"));
}

TEST(DiskFileSystem, NeverWaitsForPipesAndSockets) {
  const TemporaryTree tree;
  ASSERT_EQ(::mkfifo("pipe.tf", 0600), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_GE(socket, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string_view("socket.tf").copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const DiskFileSystem disk;
  EXPECT_EQ(text_of(disk, "pipe.tf"), "error: cannot read: is not a regular file");
  EXPECT_THAT(text_of(disk, "socket.tf"), HasSubstr("error: cannot read"));
  EXPECT_EQ(text_of(disk, "/dev/null"), "error: cannot read: is not a regular file");
  EXPECT_THAT(listing(disk, "."), ElementsAre("pipe.tf|", "socket.tf|"));
  EXPECT_THAT(listing(disk, "pipe.tf"), ElementsAre("cannot list: not a directory"));
  ::close(socket);
}

TEST(DiskFileSystem, ListsInByteOrder) {
  const TemporaryTree tree;
  for (const char* name : {"b.tf", "B.tf", "a.tf", "a-b.tf", ".hidden", "\xC3\xA9.tf", "bad\xFFname.tf"}) {
    tree.write(name);
  }
  tree.write("sub/x.tf");
  tree.link("link", "sub");
  EXPECT_THAT(listing(DiskFileSystem(), "."), ElementsAre(".hidden", "B.tf", "a-b.tf", "a.tf", "b.tf", "bad\xFFname.tf",
                                                          "link@", "sub/", "\xC3\xA9.tf"));
}

TEST(DiskFileSystem, ResolvesLinks) {
  const TemporaryTree tree;
  tree.write("sub/x.tf", "text");
  tree.link("link", "sub");
  const DiskFileSystem disk;
  EXPECT_EQ(disk.canonical("link/x.tf").value(), tree.path("sub/x.tf"));
  EXPECT_EQ(disk.status("link")->kind, EntryKind::kDirectory);
  EXPECT_EQ(disk.status("link/x.tf")->size, 4U);
}

TEST(MemoryFileSystem, HoldsFilesAndTheirDirectories) {
  MemoryFileSystem memory;
  memory.write("a/b.tf", "b");
  memory.write("a//c/../d.tf", "d");
  memory.write("../shared/e.tf", "e");
  EXPECT_EQ(text_of(memory, "a/b.tf"), "b");
  EXPECT_EQ(text_of(memory, "./a/./d.tf"), "d");
  EXPECT_EQ(text_of(memory, "a/../../shared/e.tf"), "e");
  EXPECT_EQ(text_of(memory, "shared/e.tf"), "error: cannot read: no such file or directory");
  EXPECT_EQ(text_of(memory, "a"), "error: cannot read: is a directory");
  EXPECT_EQ(text_of(memory, "a/b.tf", 0), "error: cannot read: larger than 0 bytes");
  EXPECT_THAT(listing(memory, "."), ElementsAre("a/"));
  EXPECT_THAT(listing(memory, "a"), ElementsAre("b.tf", "d.tf"));
  EXPECT_THAT(listing(memory, ".."), ElementsAre("project/", "shared/"));
  EXPECT_THAT(listing(memory, "nowhere"), ElementsAre("cannot list: no such file or directory"));
  EXPECT_EQ(memory.status("a")->kind, EntryKind::kDirectory);
  EXPECT_EQ(memory.status("a/b.tf")->size, 1U);
  EXPECT_EQ(memory.canonical("a/b.tf").value(), memory.canonical(memory.canonical("a").value() + "/b.tf").value());
  memory.write("a/b.tf", "new");
  EXPECT_EQ(text_of(memory, "a/b.tf"), "new");
}

TEST(MemoryFileSystem, IsEmptyAtFirst) {
  const MemoryFileSystem memory;
  EXPECT_THAT(listing(memory, "."), ElementsAre());
  EXPECT_EQ(memory.status(".")->kind, EntryKind::kDirectory);
}

TEST(MemoryFileSystem, FollowsLinks) {
  MemoryFileSystem memory;
  memory.write("real/x.tf", "x");
  memory.link("link", "real");
  memory.link("real/up", "..");
  memory.link("loop", "loop2");
  memory.link("loop2", "loop");
  EXPECT_EQ(text_of(memory, "link/x.tf"), "x");
  EXPECT_EQ(text_of(memory, "link/up/real/x.tf"), "x");
  EXPECT_EQ(memory.canonical("link/up/link").value(), memory.canonical("real").value());
  EXPECT_THAT(listing(memory, "."), ElementsAre("link@", "loop@", "loop2@", "real/"));
  EXPECT_EQ(text_of(memory, "loop"), "error: cannot read: too many levels of symbolic links");
  EXPECT_FALSE(memory.status("loop"));
}

TEST(OverlayFileSystem, ReplacesAndAddsFiles) {
  MemoryFileSystem memory;
  memory.write("a/b.tf", "old");
  memory.write("a/c.tf", "c");
  OverlayFileSystem overlay(memory);
  overlay.write("a/b.tf", "newer");
  overlay.write("a/n.tf", "added");
  EXPECT_EQ(text_of(overlay, "a/b.tf"), "newer");
  EXPECT_EQ(text_of(overlay, "a/c.tf"), "c");
  EXPECT_EQ(text_of(overlay, "./a/n.tf"), "added");
  EXPECT_EQ(text_of(overlay, "a/n.tf", 2), "error: cannot read: larger than 2 bytes");
  EXPECT_THAT(listing(overlay, "a"), ElementsAre("b.tf", "c.tf", "n.tf"));
  EXPECT_THAT(listing(overlay, "."), ElementsAre("a/"));
  EXPECT_EQ(overlay.status("a/b.tf")->size, 5U);
  EXPECT_EQ(overlay.canonical("a/n.tf").value(), memory.canonical("a").value() + "/n.tf");
  EXPECT_EQ(text_of(memory, "a/b.tf"), "old");
}

TEST(OverlayFileSystem, KnowsAFileByEveryPathToIt) {
  const TemporaryTree tree;
  tree.write("a/b.tf", "old");
  tree.link("l", "a");
  const DiskFileSystem disk;
  OverlayFileSystem overlay(disk);
  overlay.write(tree.path("a/b.tf"), "unsaved");
  EXPECT_EQ(text_of(overlay, "a/b.tf"), "unsaved");
  EXPECT_EQ(text_of(overlay, "l/b.tf"), "unsaved");
  EXPECT_EQ(text_of(overlay, "./a/../a/b.tf"), "unsaved");
  EXPECT_EQ(disk.read("a/b.tf", kNoLimit).value(), "old");
}

}  // namespace
}  // namespace gabion::source
