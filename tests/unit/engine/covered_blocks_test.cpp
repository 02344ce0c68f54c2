// Blocks that an analysis covers, by their places.
#include "engine/covered_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gabion::engine {
namespace {

using findings::CoverageState;
using ::testing::ElementsAre;

constexpr auto kFile = static_cast<source::ArtifactId>(1);

source::Region at(std::uint32_t begin) {
  return {kFile, begin, begin + 10};
}

std::vector<std::string> all(CoveredBlocks blocks) {
  blocks.settle();
  std::vector<std::string> result;
  for (const CoveredBlocks::Block& block : blocks.blocks()) {
    result.push_back(std::to_string(block.region.begin) + " " + std::string(blocks.text(block.what)) + " " +
                     std::string(name(block.state)) + " " + std::string(blocks.text(block.why)));
  }
  return result;
}

TEST(CoveredBlocks, AreSortedAndOneOfEach) {
  CoveredBlocks blocks;
  blocks.add(at(20), CoverageState::kWhole, "b", "");
  blocks.add(at(0), CoverageState::kWhole, "a", "");
  blocks.add(at(20), CoverageState::kWhole, "module.m.b", "");
  EXPECT_THAT(all(blocks), ElementsAre("0 a analysed ", "20 b analysed "));
}

TEST(CoveredBlocks, CountAsTheFirstThatIsNotWhole) {
  CoveredBlocks blocks;
  blocks.add(at(0), CoverageState::kWhole, "a", "");
  blocks.add(at(0), CoverageState::kPartly, "a[0]", "first");  // beside it
  blocks.add(at(20), CoverageState::kWhole, "b", "");
  blocks.add(at(0), CoverageState::kPartly, "a[1]", "second");  // apart from it
  blocks.add(at(20), CoverageState::kPartly, "b", "third");
  EXPECT_THAT(all(blocks), ElementsAre("0 a[0] partly first", "20 b partly third"));
}

TEST(CoveredBlocks, TakeWhatOthersHold) {
  CoveredBlocks some;
  some.add(at(0), CoverageState::kWhole, "a", "");
  CoveredBlocks others;
  others.add(at(0), CoverageState::kPartly, "a", "open");
  others.add(at(40), CoverageState::kWhole, "c", "");
  some.add(others);
  EXPECT_THAT(all(some), ElementsAre("0 a partly open", "40 c analysed "));
  CoveredBlocks none;
  none.add(others);
  EXPECT_EQ(all(none), all(others));
}

TEST(CoveredBlocks, StayFewHoweverOftenTheyAreAdded) {
  CoveredBlocks blocks;
  constexpr std::uint32_t kRounds = 2000;
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    for (std::uint32_t i = 0; i < 5; ++i) {
      blocks.add(at(100 - 20 * i), CoverageState::kWhole, "module.of." + std::to_string(round), "");
    }
  }
  EXPECT_LT(blocks.blocks().size(), 5000U);
  EXPECT_EQ(all(blocks).size(), 5U);
  EXPECT_EQ(all(blocks).front(), "20 module.of.0 analysed ");
}

TEST(CoveredBlocks, FindTheBlockAroundAPlace) {
  CoveredBlocks blocks;
  blocks.add(at(0), CoverageState::kWhole, "a", "");
  blocks.add(at(20), CoverageState::kWhole, "b", "");
  blocks.settle();
  const auto around = [&](std::uint32_t begin, std::uint32_t end) {
    const CoveredBlocks::Block* found = blocks.around({kFile, begin, end});
    return found == nullptr ? std::string() : std::string(blocks.text(found->what));
  };
  EXPECT_EQ(around(0, 10), "a");
  EXPECT_EQ(around(25, 26), "b");
  EXPECT_EQ(around(12, 15), "");
  EXPECT_EQ(around(25, 40), "");
  EXPECT_EQ(blocks.around({static_cast<source::ArtifactId>(2), 25, 26}), nullptr);
  blocks.limit(*blocks.around(at(20)), "why");
  blocks.limit(*blocks.around(at(20)), "another reason");
  EXPECT_THAT(all(blocks), ElementsAre("0 a analysed ", "20 b partly why"));
}

}  // namespace
}  // namespace gabion::engine
