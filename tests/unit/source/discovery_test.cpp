#include "source/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "unit/source/temporary_tree.h"

namespace gabion::source {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

struct Found {
  std::vector<std::string> files;
  std::vector<std::string> skipped;  ///< "path: reason", with '!' before errors
  std::vector<std::string> directories;
};

Found find(const FileSystem& files, const std::vector<std::string>& paths, const DiscoveryOptions& options = {}) {
  const Expected<Inventory> inventory = discover(files, paths, options);
  Found found;
  if (!inventory) {
    found.files.push_back(inventory.error().message + ": " + inventory.error().path);
    return found;
  }
  for (const DiscoveredFile& file : inventory->files) {
    found.files.push_back(file.path + (file.explicitly_given ? " (given)" : ""));
  }
  for (const SkippedPath& path : inventory->skipped) {
    found.skipped.push_back((path.is_error ? "!" : "") + path.path + ": " + path.reason);
  }
  found.directories = inventory->directories;
  return found;
}

/// A tree of empty files, and of files with contents.
class DiscoveryTest : public ::testing::Test {
 protected:
  void touch(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      memory_.write(path, "");
    }
  }
  MemoryFileSystem memory_;
};

TEST(KindOf, ReadsTheName) {
  EXPECT_EQ(kind_of("main.tf"), FileKind::kTerraform);
  EXPECT_EQ(kind_of("main.tofu"), FileKind::kTerraform);
  EXPECT_EQ(kind_of("main.tf.json"), FileKind::kTerraformJson);
  EXPECT_EQ(kind_of("main.tofu.json"), FileKind::kTerraformJson);
  EXPECT_EQ(kind_of("prod.auto.tfvars"), FileKind::kTerraformVariables);
  EXPECT_EQ(kind_of("prod.tfvars.json"), FileKind::kTerraformVariablesJson);
  EXPECT_EQ(kind_of("terragrunt.hcl"), FileKind::kHcl);
  EXPECT_EQ(kind_of(".terraform.lock.hcl"), FileKind::kHcl);
  EXPECT_EQ(kind_of("prod.s3.tfbackend"), FileKind::kHcl);
  EXPECT_EQ(kind_of("policy.json"), FileKind::kJson);
  EXPECT_EQ(kind_of("stack.yaml"), FileKind::kYaml);
  EXPECT_EQ(kind_of(".gabion.yml"), FileKind::kYaml);
  EXPECT_EQ(kind_of("terraform.tfstate"), FileKind::kTerraformState);
  EXPECT_EQ(kind_of("terraform.tfstate.backup"), FileKind::kTerraformState);
  EXPECT_EQ(kind_of("terraform.tfstate.1700000000.backup"), FileKind::kTerraformState);
  EXPECT_EQ(kind_of(".terraform.tfstate.lock.info"), FileKind::kOther);
  EXPECT_EQ(kind_of(".#main.tf"), FileKind::kOther) << "an editor's, and Terraform ignores it";
  EXPECT_EQ(kind_of("main.tf~"), FileKind::kOther);
  EXPECT_EQ(kind_of("tf"), FileKind::kOther);
  EXPECT_EQ(kind_of(""), FileKind::kOther);
}

TEST_F(DiscoveryTest, FindsFilesInByteOrder) {
  touch({"b.tf", "a/x.tf", "a-b/x.tf", "a/README.md", "policy.json", "a/b/c.tfvars"});
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("a-b/x.tf", "a/b/c.tfvars", "a/x.tf", "b.tf", "policy.json"));
  EXPECT_THAT(found.directories, ElementsAre(".", "a", "a-b", "a/b"));
  EXPECT_THAT(found.skipped, IsEmpty());
}

TEST_F(DiscoveryTest, PrintsPathsAsGivenWithoutNoise) {
  touch({"a/x.tf", "../other/y.tf"});
  EXPECT_THAT(find(memory_, {"./a/"}).files, ElementsAre("a/x.tf"));
  EXPECT_THAT(find(memory_, {"a//x.tf"}).files, ElementsAre("a/x.tf (given)"));
  EXPECT_THAT(find(memory_, {"../other"}).files, ElementsAre("../other/y.tf"));
  EXPECT_THAT(find(memory_, {"a/../a"}).files, ElementsAre("a/x.tf"));
  const std::string absolute = memory_.canonical("a").value();
  EXPECT_THAT(find(memory_, {absolute}).files, ElementsAre(absolute + "/x.tf"));
}

TEST_F(DiscoveryTest, KeepsDotDotBehindALink) {
  touch({"real/deep/x.tf", "real/y.tf", "y.tf"});
  memory_.link("link", "real/deep");
  EXPECT_THAT(find(memory_, {"link/../y.tf"}).files, ElementsAre("link/../y.tf (given)")) << "this is real/y.tf";
}

TEST_F(DiscoveryTest, TakesExplicitFilesWhateverTheirName) {
  touch({"notes.txt", "secret.tf", ".terraform/modules/m/main.tf"});
  memory_.write(".gitignore", "secret.tf");
  EXPECT_THAT(find(memory_, {"notes.txt", "secret.tf", ".terraform/modules/m/main.tf"}).files,
              ElementsAre(".terraform/modules/m/main.tf (given)", "notes.txt (given)", "secret.tf (given)"));
}

TEST_F(DiscoveryTest, TakesEachFileOnce) {
  touch({"a/x.tf", "a/b/y.tf", "z.tf"});
  EXPECT_THAT(find(memory_, {".", "a", "./a/b", "a/x.tf", "a//x.tf"}).files,
              ElementsAre("a/b/y.tf", "a/x.tf (given)", "z.tf"));
  EXPECT_THAT(find(memory_, {"a/b", "a", "."}).files, ElementsAre("a/b/y.tf", "a/x.tf", "z.tf"));
  EXPECT_THAT(find(memory_, {"a/b", "a"}).directories, ElementsAre("a/b", "a"));
  EXPECT_THAT(find(memory_, {"a", "a/b"}).directories, ElementsAre("a", "a/b"));
}

TEST_F(DiscoveryTest, FailsOnAPathThatDoesNotExist) {
  touch({"x.tf"});
  EXPECT_THAT(find(memory_, {".", "nowhere"}).files, ElementsAre("cannot open: no such file or directory: nowhere"));
}

TEST_F(DiscoveryTest, StaysOutOfWhatToolsKeep) {
  touch({".git/config.json", ".terraform/modules/m/main.tf", "a/.terragrunt-cache/x/main.tf", "node_modules/p.json"});
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("node_modules/p.json"));
  EXPECT_THAT(found.skipped, ElementsAre(".terraform: holds downloaded modules and providers",
                                         "a/.terragrunt-cache: holds copies made by Terragrunt"));
}

TEST_F(DiscoveryTest, StaysOutOfTheDescriptionsOfAnSdk) {
  touch({"layer/botocore/data/iam/examples-1.json", "layer/botocore/data/endpoints.json", "layer/botocore/cacert.json",
         "data/a.json", "mine/data/b.json", "web/node_modules/aws-sdk/apis/iam.examples.json",
         "web/node_modules/aws-sdk/apis/metadata.json", "apis/c.json"});
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("apis/c.json", "data/a.json", "layer/botocore/cacert.json", "mine/data/b.json"));
  EXPECT_THAT(found.skipped,
              ElementsAre("layer/botocore/data: holds the descriptions of services of an AWS SDK",
                          "web/node_modules/aws-sdk/apis: holds the descriptions of services of an AWS SDK"));
  EXPECT_THAT(find(memory_, {"layer/botocore/data/iam/examples-1.json"}).files,
              ElementsAre("layer/botocore/data/iam/examples-1.json (given)"));
}

TEST_F(DiscoveryTest, ReadsDirectoriesThatAreOnlyCalledLikeThoseOfAnSdk) {
  touch({"botocore/data/main.tf", "m/aws-sdk/apis/main.tf", "m/aws-sdk/apis/endpoints.json"});
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files,
              ElementsAre("botocore/data/main.tf", "m/aws-sdk/apis/endpoints.json", "m/aws-sdk/apis/main.tf"));
  EXPECT_THAT(found.skipped, ElementsAre());
}

TEST_F(DiscoveryTest, HonoursIgnoreFilesAndSaysWhich) {
  touch({"a.tf", "x.tfvars", "build/b.tf", "m/build/c.tf", "m/keep.tfvars", "m/drop.tf", "m/deep/drop.tf"});
  memory_.write(".gitignore", "*.tfvars\n/build/\n");
  memory_.write("m/.gitignore", "!keep.tfvars\ndrop.tf\n");
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("a.tf", "m/build/c.tf", "m/keep.tfvars"));
  EXPECT_THAT(found.skipped, ElementsAre("build: is ignored by .gitignore line 2 (/build/)",
                                         "m/deep/drop.tf: is ignored by m/.gitignore line 2 (drop.tf)",
                                         "m/drop.tf: is ignored by m/.gitignore line 2 (drop.tf)",
                                         "x.tfvars: is ignored by .gitignore line 1 (*.tfvars)"));
  DiscoveryOptions all;
  all.respect_gitignore = false;
  EXPECT_EQ(find(memory_, {"."}, all).files.size(), 7U);
}

TEST_F(DiscoveryTest, CannotIncludeAgainBelowAnIgnoredDirectory) {
  touch({"out/a.tf", "logs/a.tf", "logs/keep.tf"});
  memory_.write(".gitignore", "out/\n!out/a.tf\nlogs/*\n!logs/keep.tf\n");
  EXPECT_THAT(find(memory_, {"."}).files, ElementsAre("logs/keep.tf"));
}

TEST_F(DiscoveryTest, ReadsAncestorsUpToTheTopOfTheRepository) {
  touch({"top/.git/config", "top/a/b/x.tf", "top/a/b/y.tf", "top/a/b/z.tf", "top/a/b/w.tf"});
  memory_.write(".gitignore", "w.tf");  // above the repository: does not count
  memory_.write("top/.gitignore", "/a/b/x.tf");
  memory_.write("top/a/.gitignore", "b/y.tf");
  memory_.write("top/.git/info/exclude", "z.tf");
  const Found found = find(memory_, {"top/a/b"});
  EXPECT_THAT(found.files, ElementsAre("top/a/b/w.tf"));
  EXPECT_THAT(found.skipped, ElementsAre("top/a/b/x.tf: is ignored by .gitignore line 1 (/a/b/x.tf)",
                                         "top/a/b/y.tf: is ignored by a/.gitignore line 1 (b/y.tf)",
                                         "top/a/b/z.tf: is ignored by .git/info/exclude line 1 (z.tf)"));
}

TEST_F(DiscoveryTest, LetsIgnoreFilesOverruleTheExcludeFile) {
  touch({".git/config", "x.tf"});
  memory_.write(".git/info/exclude", "*.tf");
  EXPECT_THAT(find(memory_, {"."}).files, IsEmpty());
  memory_.write(".gitignore", "!x.tf");
  EXPECT_THAT(find(memory_, {"."}).files, ElementsAre("x.tf"));
}

TEST_F(DiscoveryTest, IgnoresNoAncestorsOutsideARepository) {
  touch({"a/x.tf"});
  memory_.write(".gitignore", "x.tf");
  EXPECT_THAT(find(memory_, {"a"}).files, ElementsAre("a/x.tf"));
}

TEST_F(DiscoveryTest, VisitsAnIgnoredDirectoryThatWasAskedFor) {
  touch({".git/config", "out/x.tf", "out/y.tf"});
  memory_.write(".gitignore", "out/\ny.tf\n");
  EXPECT_THAT(find(memory_, {"out"}).files, ElementsAre("out/x.tf", "out/y.tf"));
  const Found both = find(memory_, {".", "out"});
  EXPECT_THAT(both.files, ElementsAre("out/x.tf", "out/y.tf"));
  EXPECT_THAT(both.skipped, IsEmpty()) << "skipped from one root, visited from the other";
}

TEST_F(DiscoveryTest, StartsAfreshInANestedRepository) {
  touch({".git/config", "sub/x.tf", "sub/y.tf", "x.tf"});
  memory_.write(".gitignore", "x.tf");
  memory_.write("sub/.git", "gitdir: ../.git/modules/sub\n");
  memory_.write(".git/modules/sub/info/exclude", "y.tf");
  EXPECT_THAT(find(memory_, {"."}).files, ElementsAre("sub/x.tf"));
}

TEST_F(DiscoveryTest, FindsTheExcludeFileOfALinkedWorktree) {
  touch({"x.tf", "y.tf"});
  memory_.write(".git", "gitdir: ../main/.git/worktrees/w\n");
  memory_.write("../main/.git/worktrees/w/commondir", "../..\n");
  memory_.write("../main/.git/info/exclude", "y.tf");
  EXPECT_THAT(find(memory_, {"."}).files, ElementsAre("x.tf"));
}

TEST_F(DiscoveryTest, ExcludesByConfigurationRelativeToEachRoot) {
  touch({"one/examples/a.tf", "one/m/examples/b.tf", "two/examples/c.tf", "two/x.tf"});
  DiscoveryOptions options;
  options.exclude = {"/examples/", "x.tf"};
  const Found found = find(memory_, {"one", "two"}, options);
  EXPECT_THAT(found.files, ElementsAre("one/m/examples/b.tf"));
  EXPECT_THAT(found.skipped, Contains("two/examples: is excluded by configuration (/examples/)"));
}

TEST_F(DiscoveryTest, FollowsLinksOnlyToWhatIsNotVisitedAnyway) {
  touch({"modules/m/main.tf", "common/provider.tf", "hidden/h.tf", "store/s.tf"});
  memory_.write(".gitignore", "/hidden/\n/store/\n");
  memory_.link("env/m", "../modules/m");
  memory_.link("env/provider.tf", "../common/provider.tf");
  memory_.link("env/h.tf", "../hidden/h.tf");
  memory_.link("env/store", "../store");
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("common/provider.tf", "env/h.tf", "env/store/s.tf", "modules/m/main.tf"));
  EXPECT_THAT(found.skipped, ElementsAre("env/m: is a symbolic link to a directory visited anyway",
                                         "env/provider.tf: is a symbolic link to a file visited anyway",
                                         "hidden: is ignored by .gitignore line 1 (/hidden/)"));
}

TEST_F(DiscoveryTest, FollowsALinkToAnotherName) {
  touch({"x.tf.sample"});
  memory_.link("x.tf", "x.tf.sample");
  memory_.link("y.tf", "x.tf.sample");
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("x.tf"));
  EXPECT_THAT(found.skipped, ElementsAre("y.tf: is a symbolic link to a file visited anyway"));
}

TEST_F(DiscoveryTest, FollowsNoLinkOutOfTheTree) {
  touch({"a/x.tf", "../outside/o.tf", "a2/y.tf"});
  memory_.link("a/out", "../../outside");
  memory_.link("a/o.tf", "../../outside/o.tf");
  memory_.link("a/beside", "../a2");
  memory_.link("a/notes.txt", "../../outside/o.tf");
  const Found found = find(memory_, {"a"});
  EXPECT_THAT(found.files, ElementsAre("a/x.tf"));
  EXPECT_THAT(found.skipped,
              ElementsAre("a/beside: is a symbolic link out of the tree", "a/o.tf: is a symbolic link out of the tree",
                          "a/out: is a symbolic link out of the tree"));
}

TEST_F(DiscoveryTest, SurvivesLinksInCircles) {
  touch({"a/x.tf"});
  memory_.link("a/self", ".");
  memory_.link("a/up", "..");
  memory_.link("a/one.tf", "two.tf");
  memory_.link("a/two.tf", "one.tf");
  memory_.link("a/gone.tf", "nothing");
  memory_.link("a/gone", "nothing");
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("a/x.tf"));
  EXPECT_THAT(found.skipped, ElementsAre("!a/gone.tf: is a symbolic link that leads nowhere",
                                         "!a/one.tf: is a symbolic link that leads nowhere",
                                         "a/self: is a symbolic link to a directory visited anyway",
                                         "!a/two.tf: is a symbolic link that leads nowhere",
                                         "a/up: is a symbolic link to a directory visited anyway"));
}

TEST_F(DiscoveryTest, FollowsNoLinkIntoWhatToolsKeep) {
  touch({".terraform/modules/m/main.tf", "x.tf"});
  memory_.link("m", ".terraform/modules/m");
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("x.tf"));
  EXPECT_THAT(found.skipped, Contains("m: is a symbolic link into .terraform"));
}

TEST_F(DiscoveryTest, DoesNotFollowIgnoredLinks) {
  touch({"hidden/h.tf", "x.tf"});
  memory_.write(".gitignore", "/hidden/\nlink/\n*.json\n");
  memory_.link("link", "hidden");
  memory_.link("gone.json", "nothing");
  const Found found = find(memory_, {"."});
  EXPECT_THAT(found.files, ElementsAre("x.tf"));
  EXPECT_THAT(found.skipped, ElementsAre("gone.json: is ignored by .gitignore line 3 (*.json)",
                                         "hidden: is ignored by .gitignore line 1 (/hidden/)",
                                         "link: is ignored by .gitignore line 2 (link/)"));
}

TEST_F(DiscoveryTest, WalksARootThatIsALink) {
  touch({"real/x.tf"});
  memory_.link("root", "real");
  EXPECT_THAT(find(memory_, {"root"}).files, ElementsAre("root/x.tf"));
  EXPECT_THAT(find(memory_, {"root", "real"}).files, ElementsAre("root/x.tf"));
}

TEST(DiscoveryOnDisk, WalksARealTree) {
  const TemporaryTree tree;
  tree.write("a/x.tf");
  tree.write("bad\xFFname/\xFE.tf");
  tree.directory("empty/deeper");
  tree.link("a/loop", "..");
  ASSERT_EQ(::mkfifo("pipe.tf", 0600), 0);
  ASSERT_EQ(::mkfifo("pipe.yaml", 0600), 0);
  ASSERT_EQ(::mkfifo("pipe", 0600), 0);
  tree.link("null.tf", "/dev/null");
  const Found found = find(DiskFileSystem(), {"."});
  EXPECT_THAT(found.files, ElementsAre("a/x.tf", "bad\xFFname/\xFE.tf"));
  EXPECT_THAT(found.skipped,
              ElementsAre("a/loop: is a symbolic link to a directory visited anyway", "!null.tf: is not a regular file",
                          "!pipe.tf: is not a regular file", "pipe.yaml: is not a regular file"));
  EXPECT_THAT(found.directories, ElementsAre(".", "a", "bad\xFFname", "empty", "empty/deeper"));
  tree.directory(".git");
  tree.write(".gitignore", "pipe.tf");
  EXPECT_THAT(find(DiskFileSystem(), {"."}).skipped, Contains("pipe.tf: is ignored by .gitignore line 1 (pipe.tf)"));
  EXPECT_THAT(find(DiskFileSystem(), {"pipe.tf"}).skipped, ElementsAre("!pipe.tf: is not a regular file"));
}

TEST(DiscoveryOnDisk, ReportsDirectoriesTooDeepToOpen) {
  const TemporaryTree tree;
  tree.write("x.tf");
  const std::string name(200, 'd');
  for (int depth = 0; depth < 25; ++depth) {  // 5,000 bytes: more than a path may have
    ASSERT_EQ(::mkdir(name.c_str(), 0700), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
  }
  ASSERT_EQ(::chdir(tree.path().c_str()), 0);
  const Found found = find(DiskFileSystem(), {"."});
  EXPECT_THAT(found.files, ElementsAre("x.tf"));
  EXPECT_THAT(found.skipped, ElementsAre(EndsWith("/" + name + ": cannot list: file name too long")));
}

TEST(DiscoveryOnDisk, ReportsDirectoriesThatCannotBeRead) {
  const TemporaryTree tree;
  tree.write("a/x.tf");
  tree.write("locked/y.tf");
  ASSERT_EQ(::chmod(tree.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod("locked", 0), 0);
  // Nothing is closed to the superuser: a child without that right looks.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) {
      std::_Exit(2);
    }
    const Found found = find(DiskFileSystem(), {"."});
    const bool as_promised = found.files == std::vector<std::string>{"a/x.tf"} &&
                             found.skipped == std::vector<std::string>{"!locked: cannot list: permission denied"};
    std::_Exit(as_promised ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(::chmod("locked", 0755), 0);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 2) {
    GTEST_SKIP() << "cannot give up the rights of the superuser";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace gabion::source
