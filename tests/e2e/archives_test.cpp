// The protections of compiler and linker (cmake/hardening.cmake) are in what was built: each is looked for in the
// program and in the archives of our own code, since libc and the other libraries have protections of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "program.h"

namespace gabion::e2e {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

class ArchivesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!project_.has("readelf") || !project_.has("nm") || !project_.has("objdump")) {
      GTEST_SKIP() << "binutils are not installed";
    }
    std::istringstream paths(GABION_ARCHIVES);
    for (std::string path; std::getline(paths, path, ':');) {
      archives_.push_back(path);
    }
    ASSERT_GT(archives_.size(), 5U);
  }

  [[nodiscard]] std::string output(const std::vector<std::string>& command) const {
    const Outcome outcome = project_.run(command, {}, {{"LC_ALL", "C"}});
    EXPECT_EQ(outcome.status, 0) << command.front() << ": " << outcome.err;
    return outcome.out;
  }

  Project project_;
  std::vector<std::string> archives_;
};

/// One program is run, git, and it is run in one place; nothing connects to anywhere or loads code.
TEST_F(ArchivesTest, ReferToNoNetworkAndToNoOtherProgram) {
  const std::set<std::string> never = {"socket", "connect", "getaddrinfo", "gethostbyname", "res_query",
                                       "popen",  "system",  "dlopen",      "mprotect",      "execv",
                                       "execve", "execvp",  "execvpe",     "execl",         "execlp",
                                       "fork",   "vfork",   "clone",       "fexecve",       "posix_spawn"};
  std::set<std::string> runners;
  for (const std::string& archive : archives_) {
    std::string file;
    std::istringstream lines(output({"nm", "-u", archive}));
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with(":")) {
        file = line;
      }
      const std::string name = line.substr(line.find_last_of(' ') + 1);
      EXPECT_FALSE(never.contains(name)) << file << name;
      if (name == "posix_spawnp") {
        runners.insert(file);
      }
    }
  }
  EXPECT_EQ(runners, (std::set<std::string>{"git.cpp.o:"}));
}

class HardeningTest : public ArchivesTest {
 protected:
  void SetUp() override {
    if (GABION_HARDENED == 0) {
      GTEST_SKIP() << "this build is not hardened: it is no Release build, has a sanitizer or turns hardening off";
    }
    ArchivesTest::SetUp();
  }
};

TEST_F(HardeningTest, TheProgramCanBeAnywhere) {
  EXPECT_THAT(output({"readelf", "-hW", GABION_PROGRAM}), ContainsRegex("Type: +DYN"));
  EXPECT_THAT(output({"readelf", "-dW", GABION_PROGRAM}), ContainsRegex("FLAGS_1\\).*PIE"));
}

TEST_F(HardeningTest, TablesOfAddressesCannotBeWritten) {
  EXPECT_THAT(output({"readelf", "-lW", GABION_PROGRAM}), HasSubstr("GNU_RELRO"));
  EXPECT_THAT(output({"readelf", "-dW", GABION_PROGRAM}), ContainsRegex("FLAGS_1\\).*NOW"));
}

TEST_F(HardeningTest, NothingCanBeBothWrittenAndRun) {
  const std::string segments = output({"readelf", "-lW", GABION_PROGRAM});
  EXPECT_THAT(segments, ContainsRegex("GNU_STACK[ 0-9a-fx]+RW +0x"));
  EXPECT_THAT(segments, Not(HasSubstr("RWE")));
  EXPECT_THAT(output({"readelf", "-dW", GABION_PROGRAM}), Not(HasSubstr("TEXTREL")));
}

TEST_F(HardeningTest, StacksAreChecked) {
  for (const std::string& archive : archives_) {
    EXPECT_THAT(output({"nm", "-u", archive}), HasSubstr("__stack_chk_fail")) << archive;
  }
}

TEST_F(HardeningTest, CallsThatCopyAreChecked) {
  std::string checked;
  for (const std::string& archive : archives_) {
    std::istringstream names(output({"nm", "-u", archive}));
    for (std::string name; names >> name;) {
      if (name.starts_with("__") && name.ends_with("_chk")) {
        checked += name + '\n';
      }
    }
  }
  EXPECT_THAT(checked, Not(testing::IsEmpty()));
}

#ifdef __x86_64__

TEST_F(HardeningTest, JumpsArriveWhereTheyMay) {
  for (const std::string& archive : archives_) {
    const std::string notes = output({"readelf", "-nW", archive});
    const std::size_t files = count(notes, "File: ");
    EXPECT_GT(files, 0U) << archive;
    EXPECT_EQ(count(notes, "x86 feature: IBT, SHSTK"), files) << archive;
  }
}

/// A frame of more than a page is touched page by page: git.cpp reads into a buffer of 16 KiB.
TEST_F(HardeningTest, LargeFramesAreTouched) {
  const auto archive =
      std::find_if(archives_.begin(), archives_.end(), [](const auto& path) { return path.ends_with("gabion_cli.a"); });
  ASSERT_NE(archive, archives_.end());
  const std::string code = output({"objdump", "-d", "--no-show-raw-insn", *archive});
  const std::size_t at = code.find("\ngit.cpp.o:");
  ASSERT_NE(at, std::string::npos);
  const std::string git = code.substr(at, code.find(":     file format", at + 30) - at);
  EXPECT_THAT(git, ContainsRegex("sub +\\$0x1000,%rsp\n[^\n]*(or|mov)q +\\$0x0,(0x[0-9a-f]+)?\\(%rsp\\)"));
}

#endif

}  // namespace
}  // namespace gabion::e2e
