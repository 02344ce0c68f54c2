#include "cache/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "unit/source/temporary_tree.h"

namespace gabion::cache {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kAll = 1 << 20;
constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Counts the questions that cost more than a look at the path.
class Counting final : public source::FileSystem {
 public:
  source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override {
    ++asked;
    return disk_.read(path, max_bytes);
  }
  source::Expected<std::vector<source::Entry>> list(const std::string& path) const override {
    ++asked;
    return disk_.list(path);
  }
  source::Expected<source::Status> status(const std::string& path) const override { return disk_.status(path); }
  source::Expected<std::string> canonical(const std::string& path) const override { return disk_.canonical(path); }

  mutable int asked = 0;

 private:
  source::DiskFileSystem disk_;
};

/// What a small analysis asks: it lists directories, reads files, probes what is not there.
void ask_around(const source::FileSystem& files) {
  for (const char* const path : {"a", "a/b", "missing"}) {
    static_cast<void>(files.list(path));
    static_cast<void>(files.canonical(path));
  }
  for (const char* const path : {"a/x.tf", "a/b/y.tf", "a/absent.tf", "a/x.tf/below", "a/link.tf", "away/z.tf"}) {
    static_cast<void>(files.status(path));
    static_cast<void>(files.canonical(path));
    static_cast<void>(files.read(path, kAll));
  }
}

void fill(const source::TemporaryTree& tree) {
  tree.write("a/x.tf", "one");
  tree.write("a/b/y.tf", "two");
  tree.write("elsewhere/z.tf", "three");
  tree.write("elsewhere2/z.tf", "three too");
  tree.link("a/link.tf", "b/y.tf");
  tree.link("away", "elsewhere");
}

class TraceTest : public testing::Test {
 protected:
  TraceTest() { fill(tree_); }
  /// As a run made `later` nanoseconds from now would record it, and as an entry of the cache has it.
  Trace recorded(std::int64_t later = 0) {
    const Recorder recorder(disk_, source::stamp_of, now() + later);
    ask_around(recorder);
    const auto trace = recorder.trace();
    EXPECT_TRUE(trace.has_value());
    Writer writer;
    write(*trace, writer);
    const std::string bytes = writer.take();
    Reader reader(bytes);
    Trace result = read_trace(reader);
    EXPECT_TRUE(reader.ended());
    EXPECT_EQ(result.observations.size(), trace->observations.size());
    return result;
  }

  source::TemporaryTree tree_;
  source::DiskFileSystem disk_;
};

TEST_F(TraceTest, HoldsWhileNothingChanges) {
  Trace trace = recorded();
  const Check checked = check(trace, disk_, source::stamp_of, now());
  EXPECT_TRUE(checked.same) << checked.changed;
}

TEST_F(TraceTest, ReadsNothingAgainWhoseStampIsOldAndEqual) {
  Trace trace = recorded(10 * kSecond);
  const Counting counting;
  EXPECT_TRUE(check(trace, counting, source::stamp_of, now()).same);
  EXPECT_EQ(counting.asked, 1);  // what a link leads to
}

TEST_F(TraceTest, ReadsAgainWhatWasWrittenShortlyBeforeTheRun) {
  Trace trace = recorded(0);
  const Counting counting;
  EXPECT_TRUE(check(trace, counting, source::stamp_of, now()).same);
  EXPECT_GT(counting.asked, 4);
}

TEST_F(TraceTest, TrustsNewStampsOnceTheyAreOld) {
  Trace trace = recorded(0);
  const Check first = check(trace, disk_, source::stamp_of, now() + 10 * kSecond);
  EXPECT_TRUE(first.same);
  EXPECT_TRUE(first.refreshed);
  const Counting counting;
  const Check second = check(trace, counting, source::stamp_of, now());
  EXPECT_TRUE(second.same);
  EXPECT_FALSE(second.refreshed);
  EXPECT_EQ(counting.asked, 1);
}

TEST_F(TraceTest, SeesAChangeThatLeavesSizeAndTimeOfWritingAlone) {
  for (const std::int64_t later : {std::int64_t{0}, 10 * kSecond}) {
    tree_.write("a/x.tf", "one");
    Trace trace = recorded(later);
    const auto before = fs::last_write_time("a/x.tf");
    // The inode's time of change moves at the next tick of the clock.
    const auto changed = source::stamp_of("a/x.tf")->changed;
    do {
      tree_.write("a/x.tf", "two");
      fs::last_write_time("a/x.tf", before);
    } while (source::stamp_of("a/x.tf")->changed == changed);
    EXPECT_FALSE(check(trace, disk_, source::stamp_of, now()).same);
  }
}

TEST_F(TraceTest, SeesEveryChangeOfAnAnswer) {
  const std::vector<std::pair<std::string, std::function<void(const source::TemporaryTree&)>>> changes = {
      {"contents", [](const auto& tree) { tree.write("a/x.tf", "other"); }},
      {"contents of a link's target", [](const auto& tree) { tree.write("a/b/y.tf", "other"); }},
      {"a new file", [](const auto& tree) { tree.write("a/new.tf", "x"); }},
      {"a file that was probed", [](const auto& tree) { tree.write("a/absent.tf", ""); }},
      {"a directory that was missing", [](const auto& tree) { tree.directory("missing"); }},
      {"a file less", [](const auto& /*tree*/) { fs::remove("a/b/y.tf"); }},
      {"a file by another name", [](const auto& /*tree*/) { fs::rename("a/x.tf", "a/z.tf"); }},
      {"a file becomes a directory",
       [](const auto& /*tree*/) { fs::remove("a/x.tf"), fs::create_directory("a/x.tf"); }},
      {"a file becomes a link",
       [](const auto& /*tree*/) { fs::rename("a/x.tf", "kept.tf"), fs::create_symlink("../kept.tf", "a/x.tf"); }},
      {"a link leads elsewhere",
       [](const auto& /*tree*/) { fs::remove("away"), fs::create_symlink("elsewhere2", "away"); }},
      {"a directory becomes a link", [](const auto& /*tree*/) { fs::rename("a", "c"), fs::create_symlink("c", "a"); }},
      {"a directory is replaced", [](const auto& tree) { fs::rename("a/b", "old"), tree.write("a/b/y.tf", "else"); }},
  };
  for (const std::int64_t later : {std::int64_t{0}, 10 * kSecond}) {
    for (const auto& [name, change] : changes) {
      const source::TemporaryTree fresh;
      fill(fresh);
      Trace trace = recorded(later);
      ASSERT_TRUE(check(trace, disk_, source::stamp_of, now()).same) << name;
      change(fresh);
      const Check checked = check(trace, disk_, source::stamp_of, now());
      EXPECT_FALSE(checked.same) << name << (later == 0 ? "" : ", old stamps");
      EXPECT_NE(checked.changed, "") << name;
    }
  }
}

TEST_F(TraceTest, TakesTheSameContentsUnderAnotherStamp) {
  Trace trace = recorded(10 * kSecond);
  fs::rename("a/x.tf", "kept");
  tree_.write("a/x.tf", "one");
  const Check checked = check(trace, disk_, source::stamp_of, now());
  EXPECT_TRUE(checked.same) << checked.changed;
}

TEST_F(TraceTest, WorksWithoutStamps) {
  source::MemoryFileSystem memory;
  memory.write("a/x.tf", "one");
  const Recorder recorder(memory, source::no_stamp, now());
  ask_around(recorder);
  auto trace = recorder.trace();
  ASSERT_TRUE(trace.has_value());
  EXPECT_TRUE(check(*trace, memory, source::no_stamp, now()).same);
  memory.write("a/x.tf", "two");
  EXPECT_FALSE(check(*trace, memory, source::no_stamp, now()).same);
}

TEST_F(TraceTest, IsNoneWhenAnAnswerChangedInBetween) {
  const Recorder recorder(disk_, source::stamp_of, now());
  static_cast<void>(recorder.read("a/x.tf", kAll));
  tree_.write("a/x.tf", "two");
  static_cast<void>(recorder.read("a/x.tf", kAll));
  EXPECT_FALSE(recorder.trace());
}

TEST_F(TraceTest, TellsContentsFromEverythingElse) {
  for (const std::int64_t later : {std::int64_t{0}, 10 * kSecond}) {
    const auto contents = [&, trace = recorded(later)] {
      Trace asked = trace;
      const Check checked = check(asked, disk_, source::stamp_of, now(), Search::kContents);
      EXPECT_TRUE(checked.same == checked.changed.empty() && !(checked.same && checked.contents));
      return checked.same ? std::set<std::string>() : checked.contents;
    };
    EXPECT_EQ(contents(), std::set<std::string>());
    tree_.write("a/x.tf", "two");
    EXPECT_EQ(contents(), std::set<std::string>{"a/x.tf"});
    tree_.write("a/x.tf", "much longer than it was");
    EXPECT_EQ(contents(), std::set<std::string>{"a/x.tf"});
    tree_.write("a/new.tf", "");
    EXPECT_EQ(contents(), std::nullopt);
    fs::remove("a/new.tf");
    fs::remove("a/x.tf");
    EXPECT_EQ(contents(), std::nullopt);
    tree_.write("a/x.tf", "one");
  }
}

TEST_F(TraceTest, KeepsWhatOnlyAnEarlierOneAsked) {
  const Trace earlier = recorded();
  const Recorder recorder(disk_, source::stamp_of, now());
  static_cast<void>(recorder.read("a/x.tf", kAll));
  static_cast<void>(recorder.read("b/only-now.tf", kAll));
  const auto own = recorder.trace();
  ASSERT_TRUE(own);
  const auto facts = [](const Trace& trace) {
    std::size_t sum = 0;
    for (const Observation& observation : trace.observations) {
      sum += observation.facts.size();
    }
    return sum;
  };
  auto together = merged(*own, earlier, {});
  ASSERT_TRUE(together);
  Trace& both = *together;
  EXPECT_EQ(facts(both), facts(earlier) + 1);  // a/x.tf was read by both
  EXPECT_TRUE(std::is_sorted(both.observations.begin(), both.observations.end(),
                             [](const Observation& a, const Observation& b) { return a.path < b.path; }));
  EXPECT_TRUE(check(both, disk_, source::stamp_of, now()).same);
  tree_.write("b/only-now.tf", "");
  EXPECT_FALSE(check(both, disk_, source::stamp_of, now()).same);
  fs::remove("b/only-now.tf");
  // What was read of a file that changed is no longer so, unless it was read again.
  tree_.write("a/x.tf", "two");
  const Recorder again(disk_, source::stamp_of, now());
  static_cast<void>(again.status("a/x.tf"));
  auto after = merged(*again.trace(), earlier, {"a/x.tf"});
  ASSERT_TRUE(after);
  EXPECT_TRUE(check(*after, disk_, source::stamp_of, now()).same);
  // A file that nobody knew to have changed was another one when it was read again.
  const Recorder third(disk_, source::stamp_of, now());
  static_cast<void>(third.read("a/x.tf", kAll));
  EXPECT_FALSE(merged(*third.trace(), earlier, {}));
}

TEST_F(TraceTest, KeepsLimitsOfReadingApart) {
  const Recorder recorder(disk_, source::stamp_of, now());
  EXPECT_FALSE(recorder.read("a/x.tf", 1));
  EXPECT_TRUE(recorder.read("a/x.tf", kAll));
  EXPECT_TRUE(recorder.trace());
}

TEST_F(TraceTest, EndsAtAnyBytes) {
  Trace trace = recorded();
  Writer writer;
  write(trace, writer);
  const std::string bytes = writer.take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Reader reader(std::string_view(bytes).substr(0, size));
    EXPECT_TRUE(read_trace(reader).observations.empty());
    EXPECT_TRUE(reader.failed());
  }
}

}  // namespace
}  // namespace gabion::cache
