// Which modules a change can have consequences for.
#include "engine/affected.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gabion::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class AffectedTest : public testing::Test {
 protected:
  void SetUp() override {
    files_.write("live/a/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n");
    files_.write("live/b/main.tf", "module \"n\" {\n  source=\"../../modules/n\"\n}\n");
    files_.write("live/c/main.tf.json", "{\"module\": {\"m\": {\"source\" : \"../../modules/m\"}}}");
    files_.write("modules/m/main.tf", "module \"deep\" {\n  source = \"./deep\"\n}\n# data_source = other\n");
    files_.write("modules/m/deep/main.tf", "locals {\n  text = file(\"${path.module}/motd.txt\")\n}\n");
    files_.write("modules/m/deep/motd.txt", "hello\n");
    files_.write("modules/n/main.tf", "locals {}\n");
    files_.write("README.md", "text\n");
  }

  [[nodiscard]] source::Inventory inventory(const std::vector<std::string>& paths = {"."}) const {
    auto found = source::discover(files_, paths, {});
    EXPECT_TRUE(found);
    return found ? *found : source::Inventory{};
  }

  [[nodiscard]] std::set<std::string> affected(const std::vector<std::string>& changed) const {
    const source::Inventory all = inventory();
    return affected_directories(ModuleGraph(files_, all), files_, {}, all, changed);
  }

  source::MemoryFileSystem files_;
};

TEST_F(AffectedTest, CallersAndWhatTheyCall) {
  EXPECT_THAT(affected({"modules/m/deep/main.tf"}),
              UnorderedElementsAre("modules/m/deep", "modules/m", "live/a", "live/c"));
  EXPECT_THAT(affected({"live/b/main.tf"}), UnorderedElementsAre("live/b", "modules/n"));
}

TEST_F(AffectedTest, FilesThatModulesMention) {
  EXPECT_THAT(affected({"modules/m/deep/motd.txt"}),
              UnorderedElementsAre("modules/m/deep", "modules/m", "live/a", "live/c"));
  EXPECT_THAT(affected({"README.md"}), IsEmpty());
}

TEST_F(AffectedTest, VariablesOfNoModuleAreOfAll) {
  EXPECT_THAT(affected({"live/a/terraform.tfvars"}), UnorderedElementsAre("live/a", "modules/m", "modules/m/deep"));
  EXPECT_EQ(affected({"envs/prod.tfvars"}).size(), 6U);
}

TEST_F(AffectedTest, WhatCalledBeforeCountsAsWell) {
  source::MemoryFileSystem before;
  before.write("live/b/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n");
  const source::FileSystem* const versions[] = {&before};
  const source::Inventory all = inventory();
  EXPECT_THAT(affected_directories(ModuleGraph(files_, all), files_, versions, all, {"live/b/main.tf"}),
              UnorderedElementsAre("live/b", "modules/n", "modules/m", "modules/m/deep"));
}

TEST_F(AffectedTest, ModulesOutsideOfTheInventoryAreFollowed) {
  const source::Inventory some = inventory({"live"});
  EXPECT_THAT(affected_directories(ModuleGraph(files_, some), files_, {}, some, {"modules/m/deep/main.tf"}),
              testing::IsSupersetOf({"live/a", "live/c"}));
}

TEST_F(AffectedTest, TheInventoryIsRestrictedToThem) {
  const source::Inventory result = restricted(inventory(), {"live/b", "modules/n"}, {"live/b/main.tf"});
  std::vector<std::string> names;
  for (const source::DiscoveredFile& file : result.files) {
    names.push_back(file.path);
  }
  EXPECT_THAT(names, ElementsAre("live/b/main.tf", "modules/n/main.tf"));
  EXPECT_THAT(result.directories, ElementsAre(".", "live/b", "modules/n"));
}

}  // namespace
}  // namespace gabion::engine
