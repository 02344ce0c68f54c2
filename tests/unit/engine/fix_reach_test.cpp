// Which part of a tree is analysed again for a fix.
#include "engine/fix_reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "engine/fix_applier.h"

namespace gabion::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Counts how often each file is read.
class CountingFiles final : public source::FileSystem {
 public:
  explicit CountingFiles(const source::FileSystem& base) : base_(base) {}
  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override {
    ++reads_[path];
    return base_.read(path, max_bytes);
  }
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override {
    return base_.list(path);
  }
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override {
    return base_.status(path);
  }
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override {
    return base_.canonical(path);
  }
  [[nodiscard]] int reads(const std::string& path) const { return reads_[path]; }

 private:
  const source::FileSystem& base_;
  mutable std::map<std::string, int> reads_;
};

class FixReachTest : public testing::Test {
 protected:
  void SetUp() override {
    files_.write(
        "rules/on.yaml",
        "id: acme-on\ntitle: It is off\nseverity: low\nwhy: Because.\ntarget: acme_thing\nchecks:\n"
        "  - require: 'self.on == true'\n    message: it is off\n    fix: {safety: safe, set: {on: \"true\"}}\n"
        "  - require: 'self.stubborn == null || self.on != true'\n    message: it cannot be on\n");
    EXPECT_TRUE(rules_.load(files_, "rules/on.yaml").empty());
    for (const char root : std::string_view("abcdefgh")) {
      const std::string directory = std::string("x/live/") + root;
      files_.write(directory + "/main.tf", "module \"m\" {\n  source = \"../../modules/" +
                                               std::string(root == 'a' || root == 'b' ? "m" : "n") + "\"\n}\n");
    }
    files_.write("x/modules/m/main.tf", "locals {}\n");
    files_.write("x/modules/n/main.tf", "locals {}\n");
    files_.write("x/modules/n/motd.txt", "hello\n");
  }

  [[nodiscard]] AnalysisRequest request(const source::FileSystem& files) const {
    return {files, {"x"}, rules_, parameters_, {}, {}};
  }
  static std::vector<std::string> paths_of(const source::Inventory& inventory) {
    std::vector<std::string> paths;
    for (const source::DiscoveredFile& file : inventory.files) {
      paths.push_back(file.path);
    }
    return paths;
  }

  source::MemoryFileSystem files_;
  RuleSet rules_;
  Parameters parameters_;
};

TEST_F(FixReachTest, ModulesAndAllThatCallThem) {
  const AnalysisRequest asked = request(files_);
  FixReach reach(asked);
  reach.begin({});
  const auto of_module = reach.affected({"x/modules/m/main.tf"});
  ASSERT_TRUE(of_module);
  EXPECT_THAT(*of_module, UnorderedElementsAre("x/modules/m", "x/live/a", "x/live/b"));
  const auto of_root = reach.affected({"x/live/b/main.tf"});
  ASSERT_TRUE(of_root);
  EXPECT_THAT(*of_root, ElementsAre("x/live/b"));
  EXPECT_FALSE(reach.affected({"x/live/b/main.tf", "x/modules/n/motd.txt"})) << "any module may read a text file";
  EXPECT_FALSE(reach.affected({"x/other/terraform.tfvars"})) << "nothing is known of whose variables these are";
}

TEST_F(FixReachTest, APartHasWhatTheAffectedModulesCallAndIsKeptForARound) {
  files_.write("x/live/b/thing.tf", "resource \"acme_thing\" \"b\" {\n  on = false\n}\n");
  files_.write("x/live/c/thing.tf", "resource \"acme_thing\" \"c\" {\n  on = false\n}\n");
  const AnalysisRequest asked = request(files_);
  FixReach reach(asked);
  reach.begin({});
  const auto part = reach.part({"x/live/b/main.tf"});
  ASSERT_TRUE(part);
  ASSERT_NE(*part, nullptr);
  EXPECT_THAT(paths_of((*part)->inventory),
              UnorderedElementsAre("x/live/b/main.tf", "x/live/b/thing.tf", "x/modules/m/main.tf"));
  ASSERT_EQ((*part)->before.result.findings.size(), 1U);
  EXPECT_EQ((*part)->before.result.findings[0].resource, "acme_thing.b");
  const auto again = reach.part({"x/live/b/thing.tf"});
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *part);

  // A round later the first fix has been made.
  reach.begin({{"x/live/b/thing.tf", "resource \"acme_thing\" \"b\" {\n  on = true\n}\n"}});
  const auto later = reach.part({"x/live/b/main.tf"});
  ASSERT_TRUE(later);
  ASSERT_NE(*later, nullptr);
  EXPECT_THAT((*later)->before.result.findings, IsEmpty());
}

TEST_F(FixReachTest, WhatIsCalledFromNearlyEverywhereIsNoPart) {
  const AnalysisRequest asked = request(files_);
  FixReach reach(asked);
  reach.begin({});
  const auto part = reach.part({"x/modules/m/main.tf", "x/modules/n/main.tf"});
  ASSERT_TRUE(part);
  EXPECT_EQ(*part, nullptr);
}

TEST_F(FixReachTest, RootModulesThatAFixDoesNotReachAreNotAnalysedForItsProof) {
  std::string things;
  for (int i = 0; i < 8; ++i) {
    things += "resource \"acme_thing\" \"t" + std::to_string(i) + "\" {\n  on = false\n" +
              (i % 2 == 0 ? "  stubborn = true\n" : "") + "}\n";
  }
  files_.write("x/live/a/things.tf", things);
  files_.write("x/live/h/thing.tf", "resource \"acme_thing\" \"h\" {\n  on = false\n}\n");
  const CountingFiles counting(files_);
  const AnalysisRequest asked = request(counting);
  source::ArtifactStore artifacts;
  const auto plan = plan_fixes(asked, {}, artifacts);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->fixed, 5U);
  EXPECT_EQ(plan->skipped.size(), 4U);
  EXPECT_TRUE(plan->files.contains("x/live/h/thing.tf"));
  // Halves and quarters of the eight were tried; the others were read for the graph of modules and to begin and end.
  EXPECT_GE(counting.reads("x/modules/m/main.tf"), 8);
  EXPECT_LE(counting.reads("x/live/d/main.tf"), 4);
}

TEST_F(FixReachTest, WhatOnlyAllRootModulesTogetherTellIsAskedInTheEnd) {
  files_.write(
      "rules/name.yaml",
      "id: acme-name\ntitle: It has no name of its own\nseverity: low\nwhy: Because.\ntarget: acme_place\nchecks:\n"
      "  - require: self.name != null\n    message: it has no name\n"
      "    fix: {safety: safe, set: {name: '\"one\"'}}\n"
      "  - given: self.name != null\n    unique: self.name\n    message: another has the same name\n");
  const std::vector<source::Error> errors = rules_.load(files_, "rules/name.yaml");
  ASSERT_TRUE(errors.empty()) << errors.front().message;
  files_.write("x/live/a/place.tf", "resource \"acme_place\" \"p\" {\n}\n");
  files_.write("x/live/c/place.tf", "resource \"acme_place\" \"p\" {\n}\n");
  const AnalysisRequest asked = request(files_);
  source::ArtifactStore artifacts;
  const auto plan = plan_fixes(asked, {}, artifacts);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->files.size(), 1U) << "each may have the name, both may not";
  ASSERT_EQ(plan->skipped.size(), 1U);
  EXPECT_EQ(plan->skipped[0].kind, SkipKind::kUnproved);
}

}  // namespace
}  // namespace gabion::engine
