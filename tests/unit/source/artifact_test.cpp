#include "source/artifact.h"

#include <gtest/gtest.h>

namespace gabion::source {
namespace {

TEST(ArtifactStore, ReturnsTheFirstTextOfAPath) {
  ArtifactStore store;
  const Artifact& first = store.add("a.tf", "one");
  EXPECT_EQ(&store.add("a.tf", "two"), &first);
  EXPECT_EQ(first.bytes(), "one");
  EXPECT_EQ(store.size(), 1U);
  EXPECT_EQ(&store.added(0), &first);
}

TEST(ArtifactStore, KeepsWhatIsTheSameInTheNextAnalysis) {
  ArtifactStore store;
  const Artifact& kept = store.add("kept.tf", "same");
  const ArtifactId changed = store.add("changed.tf", "before").id();
  const Artifact& internal = store.add("rule:x", "1 + 1", Role::kInternal);
  store.renew();
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.find("kept.tf"), nullptr) << "not a part of this analysis yet";
  EXPECT_EQ(store.find("rule:x"), &internal);
  EXPECT_EQ(&store.add("kept.tf", "same"), &kept);
  EXPECT_EQ(store.find("kept.tf"), &kept);
  const Artifact& after = store.add("changed.tf", "after");
  EXPECT_NE(after.id(), changed);
  EXPECT_EQ(store.get(changed).bytes(), "before") << "the result of the last analysis may still point there";
  EXPECT_EQ(store.size(), 2U);
  EXPECT_EQ(&store.added(1), &after);
}

TEST(ArtifactStore, TellsRolesApart) {
  ArtifactStore store;
  const ArtifactId before = store.add("a.tf", "text", Role::kDependency).id();
  store.renew();
  const Artifact& now = store.add("a.tf", "text", Role::kProject);
  EXPECT_NE(now.id(), before);
  EXPECT_EQ(now.role(), Role::kProject);
}

TEST(ArtifactStore, GivesBackWhatNobodyAddedAgain) {
  ArtifactStore store;
  const ArtifactId gone = store.add("gone.tf", "x").id();
  const ArtifactId replaced = store.add("replaced.tf", "before").id();
  const Artifact& kept = store.add("kept.tf", "same");
  store.renew();
  const ArtifactId twice = store.add("replaced.tf", "between").id();
  store.renew();  // the analysis was given up: nothing is freed yet
  EXPECT_EQ(store.get(gone).bytes(), "x");
  EXPECT_EQ(store.get(replaced).bytes(), "before");
  store.add("kept.tf", "same");
  store.add("replaced.tf", "after");
  store.collect();
  EXPECT_EQ(store.find("gone.tf"), nullptr);
  EXPECT_EQ(store.find("kept.tf"), &kept);
  EXPECT_EQ(store.find("replaced.tf")->bytes(), "after");
  // The ids are used again, so that a day of editing takes no more of them than an hour.
  for (const char* const path : {"1.tf", "2.tf", "3.tf"}) {
    const ArtifactId id = store.add(path, "new").id();
    EXPECT_TRUE(id == gone || id == replaced || id == twice);
  }
}

}  // namespace
}  // namespace gabion::source
