#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

/// terraform.workspace: who names it, and what happens when nobody does.
class Workspaces : public testing::Terraform {
 protected:
  std::string name() {
    write("main.tf", "resource \"aws_a\" \"a\" {\n  w = terraform.workspace\n}\n");
    load();
    return json("aws_a.a", "w");
  }
};

TEST_F(Workspaces, AreDefaultWhenNobodyNamesOne) {
  EXPECT_EQ(name(), "\"default\"");
}

TEST_F(Workspaces, AreTheSelectedOne) {
  write(".terraform/environment", "staging\n");
  EXPECT_EQ(name(), "\"staging\"");
}

TEST_F(Workspaces, AreSelectedInTheDataDirectory) {
  write(".terraform/environment", "staging");
  write("elsewhere/environment", "moved");
  options_.environment["TF_DATA_DIR"] = "elsewhere";
  EXPECT_EQ(name(), "\"moved\"");
}

TEST_F(Workspaces, OfTheEnvironmentWinOverTheSelectedOne) {
  write(".terraform/environment", "staging");
  options_.environment["TF_WORKSPACE"] = "prod";
  EXPECT_EQ(name(), "\"prod\"");
}

TEST_F(Workspaces, OfTheCommandLineWinOverAll) {
  options_.environment["TF_WORKSPACE"] = "prod";
  options_.workspace = "mine";
  EXPECT_EQ(name(), "\"mine\"");
}

TEST_F(Workspaces, AreTheOneOfACloudBlock) {
  write("versions.tf", "terraform {\n  cloud {\n    workspaces {\n      name = \"net-prod\"\n    }\n  }\n}\n");
  EXPECT_EQ(name(), "\"net-prod\"");
  options_.environment["TF_WORKSPACE"] = "other";
  workspace_.reset();
  EXPECT_EQ(name(), "\"other\"");
}

TEST_F(Workspaces, AreUnknownWhereDefaultIsInError) {
  write("main.tf",
        "locals {\n  days = { prod = 30, dev = 7 }[terraform.workspace]\n}\n"
        "resource \"aws_a\" \"a\" {\n  days = local.days\n  w = terraform.workspace\n}\n");
  load();
  EXPECT_EQ(codes(), "workspace-unknown");
  EXPECT_EQ(value("aws_a.a", "days").unknown().alternatives.size(), 2U);
  EXPECT_EQ(value("aws_a.a", "w").unknown().symbol->text, "terraform.workspace");
}

TEST_F(Workspaces, StayDefaultWhereTheErrorIsAnother) {
  write("main.tf", "resource \"aws_a\" \"a\" {\n  x = var.nothing\n  w = terraform.workspace\n}\n");
  load();
  EXPECT_EQ(codes(), "evaluation");
  EXPECT_EQ(json("aws_a.a", "w"), "\"default\"");
}

TEST_F(Workspaces, ThatAreNamedStayInError) {
  options_.workspace = "test";
  write("main.tf", "resource \"aws_a\" \"a\" {\n  x = { prod = 1 }[terraform.workspace]\n}\n");
  load();
  EXPECT_EQ(codes(), "evaluation");
}

/// Named sets of values.
class Environments : public testing::Terraform {
 protected:
  void SetUp() override {
    write("infra/main.tf",
          "variable \"v\" {}\nresource \"aws_a\" \"a\" {\n  v = var.v\n  w = terraform.workspace\n}\n");
    write("other/main.tf", "resource \"aws_a\" \"o\" {}\n");
    write("envs/prod.tfvars", "v = \"from the file\"\n");
    options_.environments = {{"prod", {{"", "envs/prod.tfvars"}}, "production", {"infra"}},
                             {"test", {{"v", "[1, 2]", ".gabion.yaml", 3, 5}}, std::nullopt, {}}};
    write(".gabion.yaml", "a:\nb:\n  v: [1, 2]\n");
  }
  void evaluate(const std::string& directory, const NamedEnvironment* environment) {
    configuration_ = workspace().evaluate(directory, environment);
  }
};

TEST_F(Environments, ApplyToTheirRoots) {
  EXPECT_EQ(workspace().environments("infra").size(), 2U);
  ASSERT_EQ(workspace().environments("other").size(), 1U);
  EXPECT_EQ(workspace().environments("other").front()->name, "test");
}

TEST_F(Environments, GiveFilesAndTheWorkspace) {
  evaluate("infra", workspace().environments("infra")[0]);
  EXPECT_EQ(json("aws_a.a", "v"), "\"from the file\"");
  EXPECT_EQ(json("aws_a.a", "w"), "\"production\"");
}

TEST_F(Environments, GiveExpressionsWithTheirPlace) {
  evaluate("infra", workspace().environments("infra")[1]);
  EXPECT_EQ(json("aws_a.a", "v"), "[1,2]");
  EXPECT_EQ(json("aws_a.a", "w"), "\"default\"");
  EXPECT_NE(way(value("aws_a.a", "v")).find("file v"), std::string::npos) << way(value("aws_a.a", "v"));
}

TEST_F(Environments, AreOneNullWhereNoneApplies) {
  options_.environments.pop_back();
  EXPECT_EQ(workspace().environments("other"), std::vector<const NamedEnvironment*>{nullptr});
}

}  // namespace
}  // namespace gabion::terraform
