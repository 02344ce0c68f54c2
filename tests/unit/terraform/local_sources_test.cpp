#include "terraform/local_sources.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gabion::terraform {
namespace {

/// The texts, separated by "|"; "unclear" when there may be others.
std::string found(std::string_view bytes) {
  const LocalSources sources = local_sources(bytes);
  std::string all;
  for (const std::string_view text : sources.texts) {
    all += (all.empty() ? "" : "|") + std::string(text);
  }
  return sources.complete ? all : "unclear";
}

TEST(LocalSources, AreTextsThatNameADirectoryNearby) {
  EXPECT_EQ(found(R"(module "a" { source = "./a" }
                     module "b" { source="../b//c" }
                     module "c" { source = ".." }
                     module "d" { source = "." })"),
            "./a|../b//c|..|.");
  EXPECT_EQ(found(R"({"module": {"a": {"source": "./a"}, "b": {"source":"../b"}}})"), "./a|../b");
}

TEST(LocalSources, AreNotTextsThatNameSomethingElse) {
  EXPECT_EQ(found(""), "");
  EXPECT_EQ(found(R"(module "a" { source = "hashicorp/a/aws" })"), "");
  EXPECT_EQ(found(R"(module "a" { source = "git::https://example.com/a.git//./b" })"), "");
  EXPECT_EQ(found(R"(locals { a = ".json", b = "...", c = "x/../y" })"), "");
  EXPECT_EQ(found(R"(locals { a = file("./${var.a}.json"), b = "../%{ if true }b%{ endif }" })"), "");
}

TEST(LocalSources, AreTakenForWhatMayBeOne) {
  EXPECT_EQ(found(R"(locals { a = file("./a.json") })"), "./a.json");
  EXPECT_EQ(found("module \"a\" { source = \"./a\r\n}"), "./a");
  EXPECT_EQ(found("module \"a\" { source = \"../a"), "../a");
}

TEST(LocalSources, AreUnclearWhereTheSpellingHidesThem) {
  EXPECT_EQ(found(R"(module "a" { source = "\u002e/a" })"), "unclear");
  EXPECT_EQ(found(R"(module "a" { source = "\U0000002E/a" })"), "unclear");
  EXPECT_EQ(found(R"({"module": {"a": {"source": ".\/a"}}})"), "unclear");
  EXPECT_EQ(found(R"(module "a" { source = ".\\a" })"), "unclear");
  EXPECT_EQ(found(R"(module "a" { source = "./a\tb" })"), "unclear");
  EXPECT_EQ(found(R"(module "a" { source = "./$${a}" })"), "unclear");
  EXPECT_EQ(found("module \"a\" {\n  source = <<EOT\n./a\nEOT\n}"), "unclear");
  EXPECT_EQ(found("module \"a\" {\n  source = <<-EOT\n\n    ../a\n  EOT\n}"), "unclear");
  EXPECT_EQ(found("locals {\n  a = <<EOT\ntext\nEOT\n}"), "");
  EXPECT_EQ(found("{\"module\": {\"a\": {\"source\": \"./a\x85\"}}}"), "unclear");
}

}  // namespace
}  // namespace gabion::terraform
