#include "fixture.h"

namespace gabion::terraform::testing {
namespace {

class Overrides : public Terraform {};

TEST_F(Overrides, ReplaceArgumentsAndBlocksOfTheirType) {
  write("main.tf", R"(
    resource "aws_a" "a" {
      name = "base"
      size = 1
      rule {
        port = 1
      }
      rule {
        port = 2
      }
      other {
        x = 1
      }
    }
    variable "v" { default = "base" }
    locals {
      l = "base"
      m = "kept"
    }
    output "all" { value = [var.v, local.l, local.m] }
  )");
  write("override.tf", R"(
    resource "aws_a" "a" {
      size = 2
      rule {
        port = 3
      }
    }
    locals { l = "over" }
  )");
  write("z_override.tf", R"(
    variable "v" { default = "over" }
    resource "aws_a" "a" { size = 3 }
  )");
  load();
  EXPECT_EQ(json("aws_a.a", "name"), R"("base")");
  EXPECT_EQ(json("aws_a.a", "size"), "3");
  EXPECT_EQ(seen("aws_a.a", "rule"), R"([{"port":3}])");
  EXPECT_EQ(seen("aws_a.a", "other"), R"([{"x":1}])");
  EXPECT_EQ(output("all"), R"(["over","over","kept"])");
  EXPECT_EQ(artifacts_.get(resource("aws_a.a").body->attribute("size")->region().artifact).path(), "z_override.tf");
  EXPECT_EQ(artifacts_.get(resource("aws_a.a").header.artifact).path(), "main.tf");
  EXPECT_EQ(codes(), "");
}

TEST_F(Overrides, OfNothingAreReportedAndKept) {
  write("x_override.tf", R"(resource "aws_a" "a" { size = 2 })");
  load();
  EXPECT_EQ(addresses(), "aws_a.a");
  EXPECT_EQ(codes(), "override-without-base");
}

TEST_F(Overrides, OfTheBackendReplaceIt) {
  write("main.tf", R"(
    terraform {
      required_version = ">= 1.0"
      backend "s3" {
        bucket = "b"
      }
    }
  )");
  write("backend_override.tf", R"(
    terraform {
      backend "local" {}
    }
  )");
  load();
  std::string backends;
  for (const model::ConfigurationBlock& block : configuration_->modules().front().blocks) {
    backends += std::string(block.kind) + ":" + std::string(block.name) + " ";
  }
  EXPECT_EQ(backends, "backend:local terraform: ") << "in the order of the files";
}

class Files : public Terraform {};

TEST_F(Files, OfOpenTofuTakeTheirNamesakesPlace) {
  write("main.tf", R"(resource "aws_a" "terraform" {})");
  write("main.tofu", R"(resource "aws_a" "tofu" {})");
  write("other.tf", R"(resource "aws_a" "other" {})");
  load();
  EXPECT_EQ(addresses(), "aws_a.tofu aws_a.other");
}

TEST_F(Files, InErrorAreReadAsFarAsTheyAreWhole) {
  write("main.tf", "resource \"aws_a\" \"whole\" {\n  x = 1\n}\n\nresource \"aws_a\" \"broken\" {\n  x = [\n}\n");
  write("other.tf", R"(resource "aws_a" "other" {})");
  load();
  EXPECT_NE(configuration_->find("aws_a.whole"), nullptr);
  EXPECT_NE(configuration_->find("aws_a.other"), nullptr);
  EXPECT_FALSE(workspace_->diagnostics().empty());
}

TEST_F(Files, DeclaringANameTwiceAreReported) {
  write("a.tf", "resource \"aws_a\" \"a\" { x = 1 }\nvariable \"v\" {}\n");
  write("b.tf", "resource \"aws_a\" \"a\" { x = 2 }\nvariable \"v\" {}\n");
  load();
  EXPECT_EQ(configuration_->resources().size(), 2U);
  EXPECT_EQ(json("aws_a.a", "x"), "1");
  EXPECT_EQ(eval::to_json(configuration_->resources()[1].body->attribute("x")->value), "2");
  EXPECT_EQ(codes(), "duplicate-declaration duplicate-declaration");
}

TEST_F(Files, BesideAnExplicitOneGiveContextOnly) {
  write("a.tf", R"(resource "aws_a" "a" { v = local.v })");
  write("b.tf", R"(locals { v = "from b" })");
  workspace({"a.tf"});
  load();
  EXPECT_EQ(json("aws_a.a", "v"), R"("from b")");
  EXPECT_EQ(artifacts_.find("a.tf")->role(), source::Role::kProject);
  EXPECT_EQ(artifacts_.find("b.tf")->role(), source::Role::kDependency);
}

class JsonConfiguration : public Terraform {};

TEST_F(JsonConfiguration, MeansWhatTheNativeSyntaxMeans) {
  write("main.tf.json", R"JSON({
    "//": "a comment",
    "variable": {
      "name": {"type": "string", "default": "${not a template}"},
      "sizes": {"type": "list(number)", "default": [1, 2]}
    },
    "locals": {"upper": "${upper(\"x\")}", "both": "a-${var.sizes[1]}"},
    "resource": {
      "aws_a": {
        "one": {
          "count": 2,
          "name": "${local.both}-${count.index}",
          "literal": "plain",
          "number": -1.5,
          "tags": {"${local.upper}": true, "n": null},
          "provider": "aws.east",
          "lifecycle": {"prevent_destroy": true},
          "dynamic": {"rule": {"for_each": "${var.sizes}", "content": {"port": "${rule.value}"}}}
        }
      }
    },
    "module": [{"m": {"source": "./m", "in": "${aws_a.one[0].name}"}}],
    "output": {"o": {"value": "${module.m.out}"}, "name": {"value": "${var.name}"}}
  })JSON");
  write("m/main.tf.json", R"({"variable": {"in": {}}, "output": {"out": {"value": "${var.in}!"}}})");
  load();
  EXPECT_EQ(addresses(), "aws_a.one[0] aws_a.one[1]");
  EXPECT_EQ(json("aws_a.one[1]", "name"), R"("a-2-1")");
  EXPECT_EQ(json("aws_a.one[1]", "number"), "-1.5");
  EXPECT_EQ(json("aws_a.one[1]", "tags"), R"({"X":true,"n":null})");
  EXPECT_EQ(seen("aws_a.one[0]", "rule"), R"([{"port":1},{"port":2}])");
  EXPECT_EQ(resource("aws_a.one[0]").provider, "aws.east");
  EXPECT_EQ(output("o"), R"("a-2-0!")");
  EXPECT_EQ(output("name"), R"("${not a template}")");
  EXPECT_EQ(codes(), "");
}

TEST_F(JsonConfiguration, KeepsPlaces) {
  write("main.tf.json", R"({"resource": {"aws_a": {"a": {"x": "plain ${1 + 1}", "y": "tab\t${1 + 1}"}}}})");
  load();
  const model::Attribute* x = resource("aws_a.a").body->attribute("x");
  EXPECT_EQ(artifacts_.text(x->region()), R"("x": "plain ${1 + 1}")");
  EXPECT_EQ(artifacts_.text(x->syntax()->expression->region), "plain ${1 + 1}");
  const model::Attribute* y = resource("aws_a.a").body->attribute("y");
  EXPECT_EQ(artifacts_.text(y->syntax()->expression->region), R"("tab\t${1 + 1}")");
  EXPECT_EQ(json("aws_a.a", "y"), R"("tab\t2")");
}

TEST_F(JsonConfiguration, RendersPolicyDocuments) {
  write("main.tf.json", R"({"data": {"aws_iam_policy_document": {"d": {"statement": [
    {"actions": ["s3:GetObject"], "resources": ["*"], "principals": {"type": "AWS", "identifiers": ["*"]}}]}}},
    "output": {"o": {"value": "${data.aws_iam_policy_document.d.minified_json}"}}})");
  load();
  EXPECT_EQ(output("o"),
            R"("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",)"
            R"(\"Resource\":\"*\",\"Principal\":{\"AWS\":\"*\"}}]}")");
}

TEST_F(JsonConfiguration, ReportsWhatIsNoConfiguration) {
  write("main.tf.json", R"({"resources": {}, "resource": {"aws_a": {"a": {}, "b": 1}}})");
  load();
  EXPECT_EQ(addresses(), "aws_a.a");
  EXPECT_EQ(codes(), "json-configuration json-configuration");
}

class ConfigurationBlocks : public Terraform {};

TEST_F(ConfigurationBlocks, AreKeptForRules) {
  write("main.tf", R"(
    terraform {
      required_providers {
        aws = { source = "hashicorp/aws", version = "~> 5.0" }
      }
      backend "s3" {
        bucket  = "state"
        encrypt = true
      }
    }
    provider "aws" {
      alias  = "east"
      region = local.region
      assume_role {
        role_arn = "arn"
      }
    }
    locals { region = "us-east-1" }
    variable "v" {
      type        = list(string)
      description = "d"
      default     = []
    }
    module "m" {
      source  = "./m"
      version = "1.0"
      in      = local.region
    }
    output "o" {
      value       = var.v
      description = "od"
    }
    moved {
      from = aws_a.a
      to   = aws_a.b
    }
  )");
  write("m/main.tf", R"(variable "in" {})");
  load();
  std::string text;
  for (const model::ConfigurationBlock& block : configuration_->modules().front().blocks) {
    text += std::string(block.kind) + "(" + std::string(block.name) + ")" + std::string(block.alias);
    for (const model::Attribute& attribute : block.body.attributes) {
      text += " " + std::string(attribute.name()) + "=" + eval::to_json(attribute.value);
    }
    for (const model::Block& nested : block.body.blocks) {
      text += " {" + std::string(nested.type) + "}";
    }
    text += "\n";
  }
  EXPECT_EQ(text,
            "terraform() {required_providers} {backend}\n"
            "backend(s3) bucket=\"state\" encrypt=true\n"
            "provider(aws)east alias=\"east\" region=\"us-east-1\" {assume_role}\n"
            "variable(v) type=\"list(string)\" description=\"d\" default=[]\n"
            "module(m) source=\"./m\" version=\"1.0\" in=\"us-east-1\"\n"
            "output(o) value=[] description=\"od\"\n"
            "moved()\n");
  EXPECT_EQ(codes(), "");
}

TEST_F(ConfigurationBlocks, OfBackendsTakeTheirOptionFiles) {
  write("main.tf", R"(
    terraform {
      backend "s3" {
        bucket = "b"
        key    = "k"
      }
    }
  )");
  write("prod.tfbackend", "bucket  = \"prod\"\nencrypt = true\n");
  options_.backend_configuration = {"prod.tfbackend"};
  load();
  const auto blocks = configuration_->modules().front().blocks;
  const auto backend =
      std::find_if(blocks.begin(), blocks.end(), [](const auto& block) { return block.kind == "backend"; });
  ASSERT_NE(backend, blocks.end());
  EXPECT_EQ(eval::to_json(backend->body.attribute("bucket")->value), R"("prod")");
  EXPECT_EQ(eval::to_json(backend->body.attribute("key")->value), R"("k")");
  EXPECT_EQ(eval::to_json(backend->body.attribute("encrypt")->value), "true");
}

class Show : public Terraform {};

TEST_F(Show, PrintsWhatIsKnownAndNamesWhatIsNot) {
  write("main.tf", R"(
    variable "open" {}
    resource "aws_a" "a" {
      name = "n"
      size = null
      open = var.open
      tags = { a = "b", c = var.open }
    }
    output "o" { value = aws_a.a.name }
  )");
  load();
  std::ostringstream out;
  write_show_json(*configuration_, artifacts_, out);
  EXPECT_EQ(
      out.str(),
      "{\"resources\":[\n"
      R"({"address":"aws_a.a","type":"aws_a","mode":"managed","module":"","file":"main.tf","line":3,"certain":true,)"
      R"("values":{"name":"n","size":null,"tags":{"a":"b","c":{"$unknown":"any"}}},"unknown":["open","tags.c"]}],)"
      "\n\"outputs\":{\"o\":\"n\"}}\n");
  const ReasonCounts counts = count_reasons(*configuration_);
  EXPECT_EQ(counts.known, 2U);
  EXPECT_EQ(counts[eval::Reason::kVariable], 2U);
}

}  // namespace
}  // namespace gabion::terraform::testing
