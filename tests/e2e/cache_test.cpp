// The cache as users meet it: a second scan gives what the first one gave, whatever became of the cache in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "program.h"

namespace gabion::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kUsed = "gabion: cache: nothing changed since an earlier scan\n";

class CacheTest : public testing::Test {
 protected:
  CacheTest() {
    project_.write("main.tf", kBadKey);
    project_.write("modules/b/keys.tf", "resource \"aws_kms_key\" \"b\" {\n  description = \"b\"\n}\n");
  }

  [[nodiscard]] Outcome scan(std::vector<std::string> arguments = {},
                             const std::map<std::string, std::string>& environment = {}) const {
    arguments.insert(arguments.begin(), "scan");
    return project_.gabion(arguments, {}, environment);
  }
  [[nodiscard]] std::vector<fs::path> entries() const {
    std::vector<fs::path> result;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(project_.cache() / "gabion/v1/entries", none)) {
      result.push_back(entry.path());
    }
    return result;
  }
  static std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  static void overwrite(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  static void expect_same(const Outcome& a, const Outcome& b) {
    EXPECT_EQ(a.status, b.status);
    EXPECT_EQ(a.out, b.out);
    EXPECT_EQ(a.err, b.err);
  }

  Project project_;
};

TEST_F(CacheTest, GivesTheSameAgain) {
  for (const char* const format : {"text", "json", "sarif", "junit", "github", "github-review", "codeclimate",
                                   "bitbucket", "html", "csv", "markdown"}) {
    const Outcome first = scan({"--format", format});
    const Outcome second = scan({"--format", format});
    expect_same(first, second);
    expect_same(first, scan({"--format", format, "--cache", "off"}));
    EXPECT_EQ(first.status, 1);
  }
  EXPECT_THAT(entries(), SizeIs(std::size_t{2} * 11));  // each with what its root modules gave
  const Outcome told = scan({"-v"});
  EXPECT_EQ(told.err, "gabion: cache: nothing is known of such a scan\n");
  EXPECT_EQ(scan({"-v"}).err, kUsed);
}

TEST_F(CacheTest, SeesWhatChanged) {
  const Outcome before = scan({"-v"});
  project_.write("main.tf", kGoodKey);
  const Outcome after = scan({"-v"});
  EXPECT_EQ(after.err,
            "gabion: cache: something changed: main.tf\n"
            "gabion: cache: root modules that nothing changed for: 1 of 2\n");
  EXPECT_NE(after.out, before.out);
  expect_same(scan(), scan({"--cache", "off"}));
  EXPECT_EQ(scan({"-v"}).err, kUsed);
}

TEST_F(CacheTest, AnalysesOnlyWhatAChangeIsPartOf) {
  constexpr const char* kTwoOfThree =
      "gabion: cache: something changed: b/main.tf\n"
      "gabion: cache: root modules that nothing changed for: 2 of 3\n";
  /// What is said of the cache; the report is that of a scan without.
  const auto told = [&] {
    const Outcome with = scan({"-v"});
    const Outcome without = scan({"--cache", "off"});
    EXPECT_EQ(with.out, without.out);
    EXPECT_EQ(with.status, without.status);
    return with.err;
  };
  project_.write("a/main.tf", "module \"k\" {\n  source = \"../modules/b\"\n}\n");
  project_.write("b/main.tf", kBadKey);
  static_cast<void>(told());
  project_.write("b/main.tf", kGoodKey);
  EXPECT_EQ(told(), kTwoOfThree);
  // From one change to the next.
  project_.write("b/main.tf", kBadKey);
  EXPECT_EQ(told(), kTwoOfThree);
  // Of a module those that call it.
  project_.write("modules/b/keys.tf", kGoodKey);
  EXPECT_THAT(told(), HasSubstr("nothing changed for: 2 of 3"));
  // What is new may be anything to anybody.
  project_.write("b/more.tf", "");
  EXPECT_THAT(told(), Not(HasSubstr("root modules")));
  // What says how to analyse concerns all.
  project_.write(".gabion.yaml", "rules: {skip: [aws-s3-*]}\n");
  static_cast<void>(told());
  project_.write(".gabion.yaml", "rules: {skip: [aws-kms-*]}\n");
  EXPECT_THAT(told(), Not(HasSubstr("root modules")));
  // A file that cannot be read as a whole leaves nothing to go on with.
  project_.write("b/main.tf", "resource {\n");
  EXPECT_THAT(told(), HasSubstr("nothing changed for: 2 of 3"));
  project_.write("b/main.tf", kBadKey);
  EXPECT_THAT(told(), Not(HasSubstr("root modules")));
}

TEST_F(CacheTest, OffersNoFixThatMendsWhatIsSuppressed) {
  project_.write("m/main.tf", "resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = false\n}\n");
  project_.write("a/main.tf",
                 "# gabion:ignore aws-kms-key-rotation this one may\nmodule \"one\" {\n  source = \"../m\"\n}\n");
  const std::string other = "module \"two\" {\n  source = \"../m\"\n}\n";
  project_.write("b/main.tf", other);
  const std::vector<std::string> arguments = {"--rule", "aws-kms-key-rotation", "--format", "json", "a", "b", "m"};
  const Outcome first = scan(arguments);
  EXPECT_THAT(first.out, HasSubstr("\"fix\": null"));  // it would be made in a text that both have
  project_.write("b/main.tf", other + "# changed\n");
  EXPECT_EQ(scan(arguments).out, first.out);
}

TEST_F(CacheTest, SurvivesBrokenBytesOfWhatRootModulesGave) {
  project_.write("b/main.tf", kBadKey);
  static_cast<void>(scan());
  ASSERT_THAT(entries(), SizeIs(2));
  std::vector<std::string> whole;
  for (const fs::path& entry : entries()) {
    whole.push_back(bytes_of(entry));
  }
  project_.write("b/main.tf", kGoodKey);
  const Outcome expected = scan({"--cache", "off"});
  const std::vector<fs::path> paths = entries();
  for (std::size_t broken = 0; broken < paths.size(); ++broken) {
    for (std::size_t at = 0; at < whole[broken].size(); at += 211) {
      for (std::size_t i = 0; i < paths.size(); ++i) {
        std::string bytes = whole[i];
        bytes[at % bytes.size()] = static_cast<char>(bytes[at % bytes.size()] ^ (i == broken ? 0x55 : 0));
        overwrite(paths[i], bytes);
      }
      expect_same(scan(), expected);
    }
  }
}

TEST_F(CacheTest, BelongsToOneSetOfArgumentsVariablesAndDay) {
  EXPECT_NE(scan({"-v"}).err, kUsed);
  EXPECT_EQ(scan({"-v"}).err, kUsed);
  EXPECT_NE(scan({"-v", "--rule", "aws-kms-*"}).err, kUsed);
  EXPECT_NE(scan({"-v"}, {{"TF_VAR_a", "b"}}).err, kUsed);
  EXPECT_NE(scan({"-v"}, {{"COLUMNS", "60"}}).err, kUsed);
  EXPECT_NE(scan({"-v"}, {{"SOURCE_DATE_EPOCH", "1000000000"}}).err, kUsed);
  EXPECT_EQ(scan({"-v"}, {{"SHLVL", "17"}, {"SOMETHING", "else"}}).err, kUsed);
  const Outcome other = project_.run({GABION_PROGRAM, "scan", "-v"}, {}, {{"XDG_CACHE_HOME", project_.path("x")}});
  EXPECT_NE(other.err, kUsed);
}

TEST_F(CacheTest, BelongsToOneProgram) {
  static_cast<void>(scan({"-v"}));
  ASSERT_EQ(scan({"-v"}).err, kUsed);
  // Another build id: the note's header, then the id.
  std::string program = bytes_of(GABION_PROGRAM);
  const std::string header("\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU", 16);
  const std::size_t at = program.find(header);
  ASSERT_NE(at, std::string::npos);
  program[at + header.size()] = static_cast<char>(program[at + header.size()] ^ 1);
  const fs::path copy = project_.cache() / "gabion-of-another-build";
  overwrite(copy, program);
  fs::permissions(copy, fs::perms::owner_all);
  const Outcome other = project_.run({copy.string(), "scan", "-v"});
  EXPECT_EQ(other.err, "gabion: cache: nothing is known of such a scan\n");
}

TEST_F(CacheTest, WritesReportFilesAgain) {
  const std::vector<std::string> arguments = {"-v", "--output", "out/report.txt", "--report", "json=out/report.other"};
  fs::create_directory(project_.path("out"));
  static_cast<void>(scan(arguments));
  static_cast<void>(scan(arguments));  // the first one added files to the directory
  const std::string text = project_.read("out/report.txt");
  const std::string json = project_.read("out/report.other");
  EXPECT_THAT(json, HasSubstr("aws-kms-key-rotation"));
  ASSERT_EQ(scan(arguments).err, kUsed);
  project_.write("out/report.txt", "broken");
  ASSERT_EQ(scan(arguments).err, kUsed);
  EXPECT_EQ(project_.read("out/report.txt"), text);
  EXPECT_EQ(project_.read("out/report.other"), json);
}

TEST_F(CacheTest, KeepsWrongUsageAndMissingPathsOut) {
  EXPECT_EQ(scan({"missing"}).status, 2);
  project_.write(".gabion.yaml", "rules: {skp: []}\n");
  EXPECT_EQ(scan().status, 2);
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(CacheTest, IsNotAskedWhereTheAnswerHangsOnMore) {
  EXPECT_THAT(scan({"-v", "--statistics"}).err, HasSubstr("not used: the time taken is told"));
  EXPECT_THAT(scan({"-v", "--hook", "main.tf"}).err, HasSubstr("not used: revisions of git are compared"));
  EXPECT_THAT(scan({"-v", "--cache", "off"}).err, HasSubstr("not used: switched off"));
  EXPECT_THAT(project_.gabion({"scan", "-v", "-"}, kBadKey).err, HasSubstr("not used: standard input is read"));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(CacheTest, TellsGitlabTheTimeOfTheScan) {
  const std::vector<std::string> arguments = {"-v", "--format", "gitlab", "--report", "gitlab=report.sast"};
  static_cast<void>(scan(arguments));
  static_cast<void>(scan(arguments));
  std::string old = project_.read("report.sast");
  const auto before = nlohmann::json::parse(old)["scan"]["start_time"].get<std::string>();
  Outcome later = scan(arguments);
  while (later.json()["scan"]["start_time"] == before) {  // a second at most
    later = scan(arguments);
  }
  ASSERT_EQ(later.err, kUsed);
  EXPECT_EQ(later.out, project_.read("report.sast"));
  const nlohmann::json scan_now = later.json()["scan"];
  EXPECT_EQ(scan_now["start_time"], scan_now["end_time"]);
  nlohmann::json expected = nlohmann::json::parse(old);
  expected["scan"]["start_time"] = scan_now["start_time"];
  expected["scan"]["end_time"] = scan_now["end_time"];
  EXPECT_EQ(later.json(), expected);
}

TEST_F(CacheTest, AddsToTheSummaryOfEveryStep) {
  const std::vector<std::string> arguments = {"-v", "--format", "github"};
  const Outcome first = scan(arguments, {{"GITHUB_STEP_SUMMARY", project_.cache() / "step-1"}});
  const Outcome second = scan(arguments, {{"GITHUB_STEP_SUMMARY", project_.cache() / "step-2"}});
  EXPECT_EQ(second.err, kUsed);
  EXPECT_EQ(second.out, first.out);
  EXPECT_THAT(bytes_of(project_.cache() / "step-1"), HasSubstr("aws-kms-key-rotation"));
  EXPECT_EQ(bytes_of(project_.cache() / "step-2"), bytes_of(project_.cache() / "step-1"));
  // Where others wrote, there is less room.
  const Outcome third = scan(arguments, {{"GITHUB_STEP_SUMMARY", project_.cache() / "step-2"}});
  EXPECT_NE(third.err, kUsed);
}

TEST_F(CacheTest, HoldsNoSecret) {
  project_.write("db.tf",
                 "resource \"aws_db_instance\" \"a\" {\n  username = \"admin\"\n  password = \"kT8#vq1Zr!p0Lw\"\n}\n");
  for (const char* const format : {"text", "json", "sarif", "html"}) {
    static_cast<void>(scan({"--format", format, "--show-unresolved"}));
  }
  ASSERT_THAT(entries(), Not(IsEmpty()));
  for (const fs::path& entry : entries()) {
    EXPECT_EQ(bytes_of(entry).find("kT8#vq1Zr"), std::string::npos);
    EXPECT_EQ(fs::status(entry).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
  EXPECT_EQ(fs::status(project_.cache() / "gabion/v1/entries").permissions(), fs::perms::owner_all);
}

TEST_F(CacheTest, SurvivesEveryBrokenByteOfAnEntry) {
  const Outcome whole = scan({"--rule", "aws-kms-*"});
  ASSERT_THAT(entries(), SizeIs(2));
  const std::vector<fs::path> both = entries();
  const auto is_outcome = [](const fs::path& path) { return bytes_of(path).find(".tf:") != std::string::npos; };
  const fs::path entry = is_outcome(both[0]) ? both[0] : both[1];
  const std::string bytes = bytes_of(entry);
  for (std::size_t at = 0; at < bytes.size(); at += at < 64 || at + 64 > bytes.size() ? 1 : 17) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    overwrite(entry, broken);
    expect_same(scan({"--rule", "aws-kms-*"}), whole);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, bytes.size() / 2, bytes.size() - 1}) {
    overwrite(entry, bytes.substr(0, size));
    expect_same(scan({"--rule", "aws-kms-*"}), whole);
  }
  overwrite(entry, repeat("x", 100'000));
  expect_same(scan({"--rule", "aws-kms-*"}), whole);
}

TEST_F(CacheTest, DoesWithoutADirectoryItCannotUse) {
  const Outcome whole = scan({"--cache", "off"});
  project_.write("file", "");
  for (const std::string directory : {"file", "file/below", "/proc/gabion"}) {
    expect_same(scan({"--cache", directory}), scan({"--cache", "off"}));
    EXPECT_THAT(scan({"-v", "--cache", directory}).err, HasSubstr("gabion: cache: not used: its directory cannot be"));
  }
  fs::remove(project_.path("file"));
  static_cast<void>(scan());
  const fs::path place = project_.cache() / "gabion/v1/entries";
  if (geteuid() != 0) {  // nothing is read-only for root
    fs::permissions(place, fs::perms::owner_read | fs::perms::owner_exec);
    expect_same(scan({"--color", "never"}), whole);
    EXPECT_THAT(scan({"-v", "--color", "never"}).err, HasSubstr("an entry cannot be made"));
  }
  fs::permissions(place, fs::perms::all);
  expect_same(scan(), whole);
  EXPECT_THAT(scan({"-v"}).err, HasSubstr("not used: others can write to its directory"));
  expect_same(scan({}, {{"XDG_CACHE_HOME", "relative"}, {"HOME", ""}}), whole);
}

TEST_F(CacheTest, SaysWhenTheDiskIsFull) {
  // A limit on the size of files stands for a full disk: nothing of the entry stays.
  const Outcome whole = scan({"--cache", "off"});
  const Outcome outcome =
      project_.run({"/bin/sh", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" scan -v", GABION_PROGRAM});
  EXPECT_EQ(outcome.out, whole.out);
  EXPECT_EQ(outcome.status, whole.status);
  EXPECT_THAT(outcome.err, HasSubstr("gabion: cache: an entry cannot be written"));
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(CacheTest, LeavesForeignFilesAloneAndStaysBounded) {
  static_cast<void>(scan());
  const fs::path place = project_.cache() / "gabion/v1/entries";
  overwrite(place / "notes.txt", "mine");
  fs::create_directory(place / "directory");
  std::vector<fs::path> large;
  for (const char digit : {'1', '2', '3'}) {  // sparse: 300 MiB together
    large.push_back(place / std::string(64, digit));
    overwrite(large.back(), "x");
    fs::resize_file(large.back(), std::uintmax_t{100} << 20U);
    fs::last_write_time(large.back(), fs::file_time_type::clock::now() - std::chrono::hours(1 + '3' - digit));
  }
  // One new entry in sixteen looks at the others, and each set of arguments has one of its own.
  constexpr int kEnough = 400;
  for (int i = 0; i < kEnough && fs::exists(large[0]); ++i) {
    static_cast<void>(scan({"--max-findings", std::to_string(1000 + i)}));
  }
  EXPECT_FALSE(fs::exists(large[0]));
  EXPECT_TRUE(fs::exists(large[1]));
  EXPECT_TRUE(fs::exists(large[2]));
  EXPECT_TRUE(fs::exists(place / "notes.txt"));
  EXPECT_TRUE(fs::exists(place / "directory"));
  EXPECT_EQ(scan({"-v", "--cache", (project_.cache() / "gabion").string()}).status, 1);
}

TEST_F(CacheTest, MayLieInTheScannedTree) {
  expect_same(scan({"--cache", ".gabion-cache"}), scan({"--cache", ".gabion-cache"}));
  static_cast<void>(scan({"-v", "--cache", ".gabion-cache"}));
  EXPECT_EQ(scan({"-v", "--cache", ".gabion-cache"}).err, kUsed);
}

TEST_F(CacheTest, ServesManyRunsAtOnce) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 12;
  const Outcome whole = scan({"--cache", "off"});
  std::atomic<int> different{0};
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        const Outcome outcome = scan();
        different += outcome.out == whole.out && outcome.err == whole.err && outcome.status == whole.status ? 0 : 1;
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    if (round % 3 == 2) {
      fs::remove_all(project_.cache());
    }
  }
  EXPECT_EQ(different, 0);
}

}  // namespace
}  // namespace gabion::e2e
