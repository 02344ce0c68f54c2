// What an analysis covers, by places.
#include "engine/covered_places.h"

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

std::vector<std::string> settled(CoveredPlaces& places) {
  places.settle();
  std::vector<std::string> result;
  places.each([&](const CoveredPlace& place) {
    result.push_back(std::to_string(place.region.begin) + " " + place.what + " " + std::string(name(place.state)) +
                     " " + place.why);
  });
  EXPECT_EQ(result.size(), places.size());
  return result;
}

TEST(CoveredPlaces, GiveWhatWasAdded) {
  const std::vector<CoveredPlace> added{
      {{kFile, 0, 10}, CoverageState::kWhole, "aws_kms_key.a", ""},
      {{kFile, 5000, 900'000}, CoverageState::kPartly, "aws_kms_key.abc", "not known"},
      {{kFile, 20, 30}, CoverageState::kNot, "", "not known at all"},
      {{static_cast<source::ArtifactId>(0), 7, 7}, CoverageState::kWhole, "b", ""},
      {{static_cast<source::ArtifactId>(70'000), 4'000'000'000, 4'294'967'295}, CoverageState::kWhole, "b", ""},
      {{}, CoverageState::kWhole, std::string(300, 'x'), ""},
  };
  CoveredPlaces places;
  for (const CoveredPlace& place : added) {
    places.add(place.region, place.state, place.what, place.why);
    if (place.state == CoverageState::kNot) {
      places.close();  // and added to after that
    }
  }
  ASSERT_EQ(places.size(), added.size());
  std::size_t index = 0;
  places.each([&](const CoveredPlace& place) {
    EXPECT_EQ(place.region, added[index].region);
    EXPECT_EQ(place.state, added[index].state);
    EXPECT_EQ(place.what, added[index].what);
    EXPECT_EQ(place.why, added[index].why);
    ++index;
  });
  EXPECT_EQ(index, added.size());
}

TEST(CoveredPlaces, TakeFewBytesEach) {
  CoveredPlaces places;
  constexpr std::uint32_t kCount = 1000;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    places.add(at(20 * i), CoverageState::kWhole, "aws_cloudwatch_log_group.g" + std::to_string(i), "");
  }
  EXPECT_LT(places.bytes(), 10U * kCount);
}

TEST(CoveredPlaces, AreTakenFromOthersAsTheyAre) {
  CoveredPlaces all;
  for (std::uint32_t i = 0; i < 3; ++i) {
    CoveredPlaces some;
    some.add(at(100 * i), CoverageState::kWhole, "aws_kms_key.a", "");
    some.add(at(100 * i + 50), CoverageState::kPartly, "aws_kms_key.ab", "open");
    some.close();
    CoveredPlaces more;
    more.add(some);
    all.add(more);
  }
  all.add({});
  all.add(at(300), CoverageState::kWhole, "aws_kms_key.abc", "");
  EXPECT_THAT(settled(all),
              ElementsAre("0 aws_kms_key.a analysed ", "50 aws_kms_key.ab partly open", "100 aws_kms_key.a analysed ",
                          "150 aws_kms_key.ab partly open", "200 aws_kms_key.a analysed ",
                          "250 aws_kms_key.ab partly open", "300 aws_kms_key.abc analysed "));
}

TEST(CoveredPlaces, AreSortedAndOneOfEach) {
  CoveredPlaces places;
  places.add(at(20), CoverageState::kWhole, "b", "");
  places.add(at(0), CoverageState::kWhole, "a", "");
  places.add(at(20), CoverageState::kWhole, "module.m.b", "");
  EXPECT_THAT(settled(places), ElementsAre("0 a analysed ", "20 b analysed "));
}

TEST(CoveredPlaces, CountAsTheFirstOfTheWorst) {
  CoveredPlaces places;
  places.add(at(0), CoverageState::kWhole, "a", "");
  places.add(at(0), CoverageState::kPartly, "a[0]", "first");  // beside it
  places.add(at(20), CoverageState::kWhole, "b", "");
  places.add(at(0), CoverageState::kPartly, "a[1]", "second");  // apart from it
  places.add(at(20), CoverageState::kPartly, "b", "third");
  places.add(at(20), CoverageState::kNot, "b", "fourth");
  EXPECT_THAT(settled(places), ElementsAre("0 a[0] partly first", "20 b not analysed fourth"));
}

TEST(CoveredPlaces, AreOfAllThatPlacesTookFromOthers) {
  CoveredPlaces some;
  some.add(at(0), CoverageState::kWhole, "a", "");
  CoveredPlaces others;
  others.add(at(0), CoverageState::kPartly, "a", "open");
  others.add(at(40), CoverageState::kWhole, "c", "");
  some.add(others);
  EXPECT_THAT(settled(some), ElementsAre("0 a partly open", "40 c analysed "));
}

TEST(CoveredPlaces, StayFewHoweverOftenTheyAreAdded) {
  CoveredPlaces places;
  constexpr std::uint32_t kRounds = 100'000;
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    for (std::uint32_t i = 0; i < 5; ++i) {
      places.add(at(100 - 20 * i), CoverageState::kWhole, "module.of." + std::to_string(round), "");
    }
  }
  EXPECT_LT(places.bytes(), 100'000U);
  const std::vector<std::string> left = settled(places);
  EXPECT_EQ(left.size(), 5U);
  EXPECT_EQ(left.front(), "20 module.of.0 analysed ");
}

}  // namespace
}  // namespace gabion::engine
