// How far modules and files are followed: in the project around the given path, and no further.
#include <gmock/gmock.h>

#include "fixture.h"

namespace gabion::terraform::testing {
namespace {

class Boundary : public Terraform {
 protected:
  /// A root module that calls a module two directories up, which reads a file beside both; what it read.
  std::string content(const std::string& top) {
    write(top + "/examples/one/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n");
    write(top + "/modules/m/main.tf",
          "resource \"aws_a\" \"a\" {\n  text = file(\"${path.module}/../../templates/t\")\n}\n");
    write(top + "/templates/t", "shared");
    workspace({top + "/examples/one"});
    load(top + "/examples/one");
    return configuration_->find("module.m.aws_a.a") == nullptr ? "no module" : json("module.m.aws_a.a", "text");
  }
};

TEST_F(Boundary, IsTheRepository) {
  write("/srv/checkout/.git/HEAD", "ref: refs/heads/main");
  EXPECT_EQ(content("/srv/checkout"), "\"shared\"");
  EXPECT_EQ(codes(), "");
}

TEST_F(Boundary, MayBeAWorktree) {
  write("/checkout/.git", "gitdir: /elsewhere");
  EXPECT_EQ(content("/checkout"), "\"shared\"");
}

TEST_F(Boundary, IsTheArchiveWhereNoRepositoryIs) {
  write("/srv/unpacked/LICENSE", "text");
  EXPECT_EQ(content("/srv/unpacked"), "\"shared\"");
  EXPECT_EQ(codes(), "");
}

TEST_F(Boundary, IsTheGivenPathWhereNothingTells) {
  EXPECT_EQ(content("/srv/unpacked/package"), "no module");
  EXPECT_EQ(codes(), "module-outside");
}

TEST_F(Boundary, IsNoHomeDirectory) {
  write("/home/user/.gitignore", "*");
  EXPECT_EQ(content("/home/user"), "no module");
}

TEST_F(Boundary, IsNoTopLevelDirectory) {
  write("/srv/LICENSE", "text");
  EXPECT_EQ(content("/srv"), "no module");
}

TEST_F(Boundary, IsTheNearestRepository) {
  write("/srv/outer/.git/HEAD", "ref: refs/heads/main");
  write("/srv/outer/inner/examples/one/.git/HEAD", "ref: refs/heads/main");
  EXPECT_EQ(content("/srv/outer/inner"), "no module");
  EXPECT_EQ(codes(), "module-outside");
}

TEST_F(Boundary, FallsWhereAllowed) {
  options_.allow_outside = true;
  EXPECT_EQ(content("/srv/unpacked/package"), "\"shared\"");
}

/// Whatever is written in a file, nothing beside the project is read.
TEST_F(Boundary, IsNotForModulesToMove) {
  write("other/main.tf", R"(output "o" { value = file("${path.module}/secret.txt") })");
  write("other/secret.txt", "s");
  write("stack/.git/HEAD", "ref: refs/heads/main");
  write("stack/main.tf", R"(
    module "up" { source = "../other" }
    module "way" { source = "./inside/../../other" }
    module "link" { source = "./linked" }
    module "manifest" { source = "example/registry/aws" }
    resource "aws_a" "a" {
      up     = module.up.o
      direct = file("../other/secret.txt")
      there  = fileexists("../other/secret.txt")
    }
  )");
  write("stack/inside/main.tf", "");
  files_.link("stack/linked", "../other");
  write("stack/.terraform/modules/modules.json", R"({"Modules": [{"Key": "manifest", "Dir": "../other"}]})");
  workspace({"stack"});
  load("stack");
  for (const char* attribute : {"up", "direct", "there"}) {
    EXPECT_TRUE(value("aws_a.a", attribute).is_unknown()) << attribute << ": " << json("aws_a.a", attribute);
  }
  const auto& found = configuration_->diagnostics();
  EXPECT_EQ(std::count_if(found.begin(), found.end(), [](const auto& one) { return one.code == "module-outside"; }), 4);
  EXPECT_EQ(artifacts_.find("other/main.tf"), nullptr);
  EXPECT_EQ(artifacts_.find("stack/linked/main.tf"), nullptr);
}

TEST_F(Boundary, SaysWhereFilesOutsideAreNamed) {
  write("other/secret.txt", "s");
  write("stack/.git/HEAD", "ref: refs/heads/main");
  write("stack/main.tf", R"(
    locals {
      where = "../other/secret.txt"
    }
    resource "aws_a" "a" {
      direct   = file("../other/secret.txt")
      there    = fileexists("../other/secret.txt")
      rendered = templatefile(local.where, {})
      set      = fileset("../other", "*")
      handled  = try(filesha256(local.where), "none")
      home     = file("~/.ssh/key.pub")
      own      = fileexists("main.tf")
    }
  )");
  workspace({"stack"});
  load("stack");
  std::vector<std::string> said;
  for (const findings::Diagnostic& diagnostic : configuration_->diagnostics()) {
    EXPECT_EQ(diagnostic.code, "file-outside");
    EXPECT_EQ(diagnostic.severity, findings::DiagnosticSeverity::kWarning);
    said.push_back(std::string(artifacts_.get(diagnostic.region.artifact).text(diagnostic.region)) + " " +
                   diagnostic.message);
  }
  EXPECT_THAT(said, ::testing::UnorderedElementsAre(
                        "\"../other/secret.txt\" \"../other/secret.txt\" lies outside of the project and is not read",
                        "\"../other/secret.txt\" \"../other/secret.txt\" lies outside of the project and is not read",
                        "local.where \"../other/secret.txt\" lies outside of the project and is not read",
                        "local.where \"../other/secret.txt\" lies outside of the project and is not read",
                        "\"../other\" \"../other\" lies outside of the project and is not read"));
}

TEST_F(Boundary, LetsAbsentModulesBeAbsent) {
  write("stack/main.tf", R"(module "up" { source = "../gone" })");
  workspace({"stack"});
  load("stack");
  EXPECT_EQ(codes(), "module-not-found");
}

/// TF_DATA_DIR is the user's word, not that of a file.
TEST_F(Boundary, HoldsTheDataDirectory) {
  options_.environment["TF_DATA_DIR"] = "/cache/data";
  write("/cache/data/modules/modules.json", R"({"Modules": [{"Key": "m", "Dir": "/cache/data/modules/m"}]})");
  write("/cache/data/modules/m/main.tf", R"(resource "aws_a" "a" { name = "x" })");
  write("stack/main.tf", R"(module "m" { source = "example/registry/aws" })");
  workspace({"stack"});
  load("stack");
  EXPECT_EQ(addresses(), "module.m.aws_a.a");
}

}  // namespace
}  // namespace gabion::terraform::testing
