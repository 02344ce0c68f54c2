#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fixture.h"

namespace gabion::terraform::testing {
namespace {

class Instances : public Terraform {};

TEST_F(Instances, OfCountAreNumbered) {
  write("main.tf", R"(
    resource "aws_subnet" "s" {
      count = 3
      cidr  = "10.0.${count.index}.0/24"
    }
    output "last"  { value = aws_subnet.s[2].cidr }
    output "all"   { value = aws_subnet.s[*].cidr }
    output "count" { value = length(aws_subnet.s) }
  )");
  load();
  EXPECT_EQ(addresses(), "aws_subnet.s[0] aws_subnet.s[1] aws_subnet.s[2]");
  EXPECT_EQ(output("last"), R"("10.0.2.0/24")");
  EXPECT_EQ(output("all"), R"(["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"])");
  EXPECT_EQ(output("count"), "3");
}

TEST_F(Instances, ThatMayNotExistAreOneOrNone) {
  write("main.tf", R"(
    variable "on" { type = bool }
    resource "aws_vpc" "v" {
      count      = var.on ? 1 : 0
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_vpc" "w" {
      for_each   = var.on ? { a = "10.0.0.0/16" } : {}
      cidr_block = each.value
    }
    output "one"     { value = one(aws_vpc.v[*].cidr_block) }
    output "text"    { value = join("", aws_vpc.v.*.cidr_block) }
    output "flat"    { value = flatten(["::/0", [aws_vpc.v[*].cidr_block]]) }
    output "other"   { value = coalesce(one(aws_vpc.v[*].cidr_block), "::/0") }
    output "lists"   { value = coalescelist(aws_vpc.v[*].cidr_block, ["::/0"]) }
    output "values"  { value = values(aws_vpc.w)[*].cidr_block }
    output "element" { value = element(aws_vpc.v[*].cidr_block, 0) }
    output "length"  { value = length(aws_vpc.v) }
  )");
  load();
  const auto value_of = [&](std::string_view name) {
    const auto& outputs = configuration_->modules().front().outputs;
    return std::ranges::find_if(outputs, [&](const auto& known) { return known.first == name; })->second;
  };
  const auto either = [&](std::string_view name) {
    std::vector<std::string> texts;
    for (const eval::Value& alternative : value_of(name).unknown().alternatives) {
      texts.push_back(eval::to_json(alternative));
    }
    std::ranges::sort(texts);
    return texts;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(either("one"), (Texts{R"("10.0.0.0/16")", "null"}));
  EXPECT_EQ(either("text"), (Texts{R"("")", R"("10.0.0.0/16")"}));
  EXPECT_EQ(either("flat"), (Texts{R"(["::/0","10.0.0.0/16"])", R"(["::/0"])"}));
  EXPECT_EQ(either("other"), (Texts{R"("10.0.0.0/16")", R"("::/0")"}));
  EXPECT_EQ(either("lists"), (Texts{R"(["10.0.0.0/16"])", R"(["::/0"])"}));
  EXPECT_EQ(either("values"), (Texts{R"(["10.0.0.0/16"])", "[]"}));
  EXPECT_EQ(output("element"), R"("10.0.0.0/16")") << "where there is none it is an error";
  EXPECT_EQ(value_of("length").unknown().at_most->to_string(), "1");
}

TEST_F(Instances, KnowTheConditionsThatTheyAreMadeUnder) {
  write("main.tf", R"(
    variable "create" { type = bool }
    variable "log"    { type = bool }
    variable "key"    { type = string }
    variable "stage"  { type = string }
    variable "any"    {}
    locals {
      both   = var.create && var.log
      count  = local.both ? 1 : 0
      bucket = var.create ? aws_s3_bucket.b[0].bucket : "other"
      policy = jsonencode({ Id = var.create ? "yes" : "no", Version = var.stage })
    }
    resource "aws_s3_bucket" "b" {
      count  = var.create ? 1 : 0
      bucket = var.create ? "yes" : "no"
    }
    resource "aws_s3_bucket" "beside" {
      count  = var.create ? 1 : 0
      bucket = join("", aws_s3_bucket.b.*.bucket)
      prefix = one(aws_s3_bucket.b[*].bucket)
      tags   = { name = local.bucket, log = var.log ? "yes" : "no" }
      dynamic "rule" {
        for_each = var.create ? [1] : []
        content {}
      }
    }
    resource "aws_s3_bucket" "both" {
      count  = local.count
      bucket = var.create ? "yes" : "no"
      prefix = !var.log ? "no" : "yes"
    }
    resource "aws_s3_bucket" "not_both" {
      count  = local.both ? 0 : 1
      bucket = local.both ? "no" : "yes"
      prefix = var.create ? "yes" : "no"
    }
    resource "aws_s3_bucket" "neither" {
      count  = var.create || var.log ? 0 : 1
      bucket = var.create ? "no" : "yes"
    }
    resource "aws_s3_bucket" "without_key" {
      count  = var.key == null ? 1 : 0
      bucket = var.key != null ? "no" : "yes"
      prefix = coalesce(var.key, "none")
    }
    resource "aws_s3_bucket" "with_key" {
      count  = var.key != null ? 1 : 0
      bucket = var.key != null ? "yes" : "no"
      prefix = var.key
    }
    resource "aws_s3_bucket" "stage" {
      for_each = var.stage == "prod" ? toset(["a"]) : toset([])
      bucket   = "${var.stage}-${each.key}"
    }
    resource "aws_iam_policy" "encoded" {
      count  = var.create ? 1 : 0
      policy = local.policy
    }
    resource "aws_s3_bucket" "pair" {
      count  = var.create ? 2 : 1
      bucket = var.create ? "yes" : "no"
    }
    resource "aws_s3_bucket" "open" {
      count  = var.any ? 1 : 0
      bucket = var.any ? "yes" : "no"
      prefix = var.any
    }
    module "m" {
      source = "./m"
      count  = var.create ? 1 : 0
      bucket = var.create ? "yes" : "no"
    }
  )");
  write("m/main.tf", R"(
    variable "bucket" { type = string }
    resource "aws_s3_bucket" "b" { bucket = var.bucket }
  )");
  load();
  EXPECT_EQ(json("aws_s3_bucket.b[0]", "bucket"), R"("yes")");
  EXPECT_EQ(json("aws_s3_bucket.beside[0]", "bucket"), R"("yes")");
  EXPECT_EQ(json("aws_s3_bucket.beside[0]", "prefix"), R"("yes")");
  const eval::Value tags = value("aws_s3_bucket.beside[0]", "tags");
  EXPECT_EQ(eval::to_json(*tags.member("name")), R"("yes")");
  EXPECT_TRUE(tags.member("log")->is_unknown()) << "what it does not hang on";
  EXPECT_TRUE(resource("aws_s3_bucket.beside[0]").body->blocks.front().certain);
  EXPECT_EQ(json("aws_s3_bucket.both[0]", "bucket"), R"("yes")");
  EXPECT_EQ(json("aws_s3_bucket.both[0]", "prefix"), R"("yes")");
  EXPECT_EQ(json("aws_s3_bucket.not_both[0]", "bucket"), R"("yes")");
  EXPECT_TRUE(value("aws_s3_bucket.not_both[0]", "prefix").is_unknown()) << "one of them may hold";
  EXPECT_EQ(json("aws_s3_bucket.neither[0]", "bucket"), R"("yes")");
  EXPECT_EQ(json("aws_s3_bucket.without_key[0]", "bucket"), R"("yes")");
  EXPECT_EQ(json("aws_s3_bucket.without_key[0]", "prefix"), R"("none")");
  EXPECT_EQ(json("aws_s3_bucket.with_key[0]", "bucket"), R"("yes")");
  EXPECT_TRUE(value("aws_s3_bucket.with_key[0]", "prefix").unknown().not_null);
  EXPECT_EQ(json("aws_s3_bucket.stage[\"a\"]", "bucket"), R"("prod-a")");
  const eval::StringDetail* encoded = value("aws_iam_policy.encoded[0]", "policy").detail();
  ASSERT_NE(encoded, nullptr);
  ASSERT_NE(encoded->encoded, nullptr);
  EXPECT_EQ(encoded->encoded->member("Id")->text(), "yes");
  EXPECT_TRUE(value("aws_s3_bucket.pair[0]", "bucket").is_unknown()) << "it is there in any case";
  EXPECT_EQ(json("aws_s3_bucket.pair[1]", "bucket"), R"("yes")");
  EXPECT_EQ(json("aws_s3_bucket.open[0]", "bucket"), R"("yes")");
  EXPECT_TRUE(value("aws_s3_bucket.open[0]", "prefix").is_unknown()) << "it may be a text";
  EXPECT_EQ(json("module.m[0].aws_s3_bucket.b", "bucket"), R"("yes")");
}

TEST_F(Instances, OfForEachHaveKeys) {
  write("main.tf", R"(
    resource "aws_iam_user" "u" {
      for_each = toset(["b", "a\"q"])
      name     = each.value
    }
    resource "aws_iam_user" "m" {
      for_each = { for n in ["x"] : n => { path = "/${n}/" } }
      path     = each.value.path
      name     = each.key
    }
    output "names" { value = { for k, u in aws_iam_user.u : k => u.name } }
  )");
  load();
  EXPECT_EQ(addresses(), R"(aws_iam_user.u["a\"q"] aws_iam_user.u["b"] aws_iam_user.m["x"])");
  EXPECT_EQ(json(R"(aws_iam_user.m["x"])", "path"), R"("/x/")");
  EXPECT_EQ(output("names"), R"({"a\"q":"a\"q","b":"b"})");
}

TEST_F(Instances, OfWhatASetSurelyHoldsAreCertain) {
  write("main.tf", R"(
    variable "more" { type = list(string) }
    resource "aws_iam_user" "u" {
      for_each = toset(concat(["a", "b", "a"], var.more))
      name     = each.key
    }
    resource "aws_security_group" "g" {
      dynamic "ingress" {
        for_each = concat([22], [for n in var.more : tonumber(n)])
        content {
          from_port = ingress.value
        }
      }
    }
    output "ports" { value = contains(aws_security_group.g.ingress[*].from_port, 22) }
  )");
  load();
  EXPECT_EQ(addresses(), R"(aws_iam_user.u[*]? aws_iam_user.u["a"] aws_iam_user.u["b"] aws_security_group.g)");
  EXPECT_EQ(json(R"(aws_iam_user.u["b"])", "name"), R"("b")");
  const std::span<const model::Block> blocks = resource("aws_security_group.g").body->blocks;
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_FALSE(blocks[0].certain);
  EXPECT_TRUE(blocks[1].certain);
  EXPECT_EQ(eval::to_json(blocks[1].body->attribute("from_port")->value), "22");
  EXPECT_EQ(output("ports"), "true");
}

TEST_F(Instances, OfWhatAMapSurelyHoldsAreCertain) {
  write("main.tf", R"(
    variable "more" { type = map(string) }
    resource "aws_iam_user" "u" {
      for_each = merge({ a = "x" }, var.more, { b = "y" })
      name     = each.key
      path     = each.value
    }
    resource "aws_security_group" "g" {
      dynamic "ingress" {
        for_each = merge(var.more, { ssh = "22" })
        content {
          description = ingress.key
          from_port   = ingress.value
        }
      }
    }
  )");
  load();
  EXPECT_EQ(addresses(), R"(aws_iam_user.u[*]? aws_iam_user.u["a"] aws_iam_user.u["b"] aws_security_group.g)");
  EXPECT_EQ(json(R"(aws_iam_user.u["b"])", "path"), R"("y")");
  EXPECT_TRUE(value(R"(aws_iam_user.u["a"])", "path").is_unknown());
  const std::span<const model::Block> blocks = resource("aws_security_group.g").body->blocks;
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_FALSE(blocks[0].certain);
  EXPECT_TRUE(blocks[1].certain);
  EXPECT_EQ(eval::to_json(blocks[1].body->attribute("description")->value), R"("ssh")");
  EXPECT_EQ(eval::to_json(blocks[1].body->attribute("from_port")->value), R"("22")");
}

TEST_F(Instances, ThatDependOnAnUnknownAreNotCertain) {
  write("main.tf", R"(
    variable "on" { type = bool }
    variable "names" { type = set(string) }
    variable "n" { type = number }
    resource "aws_a" "maybe" { count = var.on ? 1 : 0 }
    resource "aws_a" "one_or_three" { count = var.on ? 1 : 3 }
    resource "aws_a" "any" { count = var.n }
    resource "aws_a" "each" {
      for_each = var.names
      name     = each.value
    }
    resource "aws_a" "some" {
      for_each = var.on ? { a = 1, b = 2 } : { b = 2 }
      value    = each.value
    }
    resource "aws_b" "use" {
      maybe = aws_a.maybe[0].arn
      any   = aws_a.any[3].arn
    }
  )");
  load();
  EXPECT_EQ(addresses(),
            "aws_a.maybe[0]? aws_a.one_or_three[0] aws_a.one_or_three[1]? aws_a.one_or_three[2]? aws_a.any[*]? "
            "aws_a.each[*]? aws_a.some[\"a\"]? aws_a.some[\"b\"] aws_b.use");
  EXPECT_TRUE(value("aws_a.each[*]", "name").is_unknown());
  EXPECT_EQ(json(R"(aws_a.some["b"])", "value"), "2");
  EXPECT_TRUE(value("aws_b.use", "maybe").is_unknown());
  EXPECT_TRUE(value("aws_b.use", "any").is_unknown());
  EXPECT_EQ(codes(), "");
}

TEST_F(Instances, AreLimited) {
  options_.limits.instances = 10;
  write("main.tf", R"(
    resource "aws_a" "few" { count = 10 }
    resource "aws_a" "many" { count = 1000000000 }
  )");
  load();
  EXPECT_EQ(configuration_->resources().size(), 11U);
  EXPECT_NE(configuration_->find("aws_a.many[*]"), nullptr);
  EXPECT_EQ(codes(), "instance-limit");
  EXPECT_EQ(configuration_->diagnostics()[0].severity, findings::DiagnosticSeverity::kError);
}

TEST_F(Instances, AreLimitedInTotal) {
  options_.limits.total_instances = 5;
  write("main.tf", R"(
    resource "aws_a" "a" { count = 4 }
    resource "aws_a" "b" { count = 4 }
    resource "aws_a" "c" { x = aws_a.b[3].arn }
  )");
  load();
  EXPECT_EQ(addresses(), "aws_a.a[0] aws_a.a[1] aws_a.a[2] aws_a.a[3] aws_a.b[0]");
  EXPECT_NE(codes().find("instance-limit"), std::string::npos);
}

TEST_F(Instances, ReportWhatIsNoCountAndNoCollection) {
  write("main.tf", R"(
    resource "aws_a" "negative" { count = -1 }
    resource "aws_a" "text" { count = "many" }
    resource "aws_a" "list" { for_each = ["a"] }
    variable "more" { type = list(string) }
    resource "aws_a" "part" { for_each = concat(["a"], var.more) }
  )");
  load();
  EXPECT_EQ(addresses(), "aws_a.negative[*]? aws_a.text[*]? aws_a.list[*]? aws_a.part[*]?");
  EXPECT_EQ(codes(), "invalid-count evaluation invalid-for-each");
  const findings::Diagnostic& text = configuration_->diagnostics()[1];
  EXPECT_EQ(text.message, "count is unsuitable: a number is required");
  EXPECT_TRUE(text.region.valid());
}

TEST_F(Instances, LookedUpByTagsHaveOthersAsWell) {
  write("main.tf", R"(
    data "aws_vpc" "main" {
      tags = { Component = "account" }
    }
    resource "aws_b" "b" {
      known = data.aws_vpc.main.tags["Component"]
      other = data.aws_vpc.main.tags["Project"]
    }
  )");
  load();
  EXPECT_EQ(codes(), "");
  EXPECT_EQ(resource("aws_b.b").body->attribute("known")->value.text(), "account");
  EXPECT_TRUE(resource("aws_b.b").body->attribute("other")->value.is_unknown());
}

TEST_F(Instances, ThatMayNotExistAreFoundByTheirKeys) {
  write("main.tf", R"(
    variable "live" { type = bool }
    locals { stages = var.live ? ["live", "demo"] : ["test"] }
    resource "aws_kms_key" "k" { for_each = toset(local.stages) }
    resource "aws_kms_key" "n" { count = var.live ? 3 : 1 }
    resource "aws_b" "b" {
      for_each = toset(local.stages)
      key      = aws_kms_key.k[each.key].arn
      second   = aws_kms_key.n[1].arn
    }
    resource "aws_b" "c" { any = [for k in aws_kms_key.k : k.arn] }
  )");
  load();
  for (const std::string key : {"live", "demo", "test"}) {
    const std::string each = "[\"" + key + "\"]";
    const model::Body& body = *resource("aws_b.b" + each).body;
    EXPECT_EQ(eval::identity_text(body.attribute("key")->value), "aws_kms_key.k" + each + ".arn");
    EXPECT_EQ(eval::identity_text(body.attribute("second")->value), "aws_kms_key.n[1].arn");
  }
  const eval::Value* any = resource("aws_b.c").body->attribute("any")->value.unknown().element;
  ASSERT_NE(any, nullptr);
  EXPECT_EQ(any->unknown().alternatives.size(), 3U);
}

TEST_F(Instances, AreKnownByTheirNameWhetherItIsGivenOrComputed) {
  write("main.tf", R"(
    variable "given" { type = bool }
    resource "aws_s3_bucket" "b" {
      bucket = var.given ? "b" : null
      tags   = var.given ? { a = "b" } : null
    }
    resource "aws_s3_bucket" "each" {
      count  = 1
      bucket = var.given ? "b" : null
    }
    resource "aws_b" "b" {
      name = aws_s3_bucket.b.bucket
      each = aws_s3_bucket.each[0].bucket
      tags = aws_s3_bucket.b.tags
    }
  )");
  load();
  const model::Body& body = *resource("aws_b.b").body;
  EXPECT_EQ(eval::identity_text(body.attribute("name")->value), "aws_s3_bucket.b.bucket");
  EXPECT_EQ(eval::identity_text(body.attribute("each")->value), "aws_s3_bucket.each[0].bucket");
  EXPECT_EQ(body.attribute("tags")->value.unknown().alternatives.size(), 2U);
}

TEST_F(Instances, SeeWhatTheProviderComputesAsTheirOwnUnknowns) {
  write("main.tf", R"(
    resource "aws_kms_key" "k" {
      description = null
      policy {
        statement = "s"
      }
    }
    resource "aws_b" "b" {
      arn    = aws_kms_key.k.arn
      same   = aws_kms_key.k.arn == aws_kms_key.k.arn
      text   = "${aws_kms_key.k.arn}/x"
      empty  = aws_kms_key.k.description
      inside = aws_kms_key.k.policy[0].computed
      given  = aws_kms_key.k.policy[0].statement
    }
  )");
  load();
  EXPECT_EQ(value("aws_b.b", "arn").unknown().symbol->text, "aws_kms_key.k.arn");
  EXPECT_EQ(value("aws_b.b", "arn").unknown().symbol->path, "arn");
  EXPECT_EQ(json("aws_b.b", "same"), "true");
  EXPECT_TRUE(value("aws_b.b", "text").is_unknown());
  EXPECT_TRUE(value("aws_b.b", "empty").is_unknown()) << "the provider may compute what is null";
  EXPECT_EQ(value("aws_b.b", "inside").unknown().symbol->text, "aws_kms_key.k.policy[0].computed");
  EXPECT_EQ(json("aws_b.b", "given"), R"("s")");
}

TEST_F(Instances, LeaveMetaArgumentsOut) {
  write("main.tf", R"(
    resource "aws_a" "a" {
      provider   = aws.east
      depends_on = [aws_a.b]
      name       = "n"
      lifecycle {
        prevent_destroy = true
      }
      provisioner "local-exec" {
        command = self.name
      }
      connection {
        host = self.ip
      }
    }
    resource "aws_a" "b" {}
  )");
  load();
  EXPECT_EQ(resource("aws_a.a").body->attributes.size(), 1U);
  EXPECT_TRUE(resource("aws_a.a").body->blocks.empty());
  EXPECT_EQ(resource("aws_a.a").provider, "aws.east");
  EXPECT_EQ(resource("aws_a.b").provider, "aws");
  EXPECT_EQ(codes(), "");
}

class DynamicBlocks : public Terraform {};

TEST_F(DynamicBlocks, AreExpandedAtAnyDepth) {
  write("main.tf", R"(
    locals {
      groups = [
        { name = "a", ports = { http = 80, https = 443 } },
        { name = "b", ports = {} },
      ]
    }
    resource "aws_sg" "s" {
      group {
        name = "written"
      }
      dynamic "group" {
        for_each = local.groups
        iterator = g
        content {
          name = "${g.key}-${g.value.name}"
          dynamic "port" {
            for_each = g.value.ports
            labels   = [port.key, g.value.name]
            content {
              number = port.value
            }
          }
        }
      }
    }
    output "numbers" { value = aws_sg.s.group[*].name }
  )");
  load();
  EXPECT_EQ(seen("aws_sg.s", "group"),
            R"([{"name":"written"},{"name":"0-a","port":[{"number":80},{"number":443}]},{"name":"1-b"}])");
  const model::Body& body = *resource("aws_sg.s").body;
  ASSERT_EQ(body.blocks.size(), 3U);
  EXPECT_FALSE(body.blocks[0].generated);
  EXPECT_TRUE(body.blocks[1].generated);
  EXPECT_TRUE(body.blocks[1].certain);
  ASSERT_EQ(body.blocks[1].body->blocks.size(), 2U);
  ASSERT_EQ(body.blocks[1].body->blocks[1].labels.size(), 2U);
  EXPECT_EQ(body.blocks[1].body->blocks[1].labels[0], "https");
  EXPECT_EQ(body.blocks[1].body->blocks[1].labels[1], "a");
  EXPECT_EQ(output("numbers"), R"(["written","0-a","1-b"])");
}

TEST_F(DynamicBlocks, OverSetsHaveEqualKeysAndValues) {
  write("main.tf", R"(
    resource "aws_sg" "s" {
      dynamic "rule" {
        for_each = toset(["b", "a"])
        content {
          key   = rule.key
          value = rule.value
        }
      }
    }
  )");
  load();
  EXPECT_EQ(seen("aws_sg.s", "rule"), R"([{"key":"a","value":"a"},{"key":"b","value":"b"}])");
}

TEST_F(DynamicBlocks, OverUnknownCollectionsAreUncertain) {
  write("main.tf", R"(
    variable "ports" { type = list(number) }
    resource "aws_sg" "s" {
      rule {
        port = 22
      }
      dynamic "rule" {
        for_each = var.ports
        content {
          port = rule.value
          open = true
        }
      }
    }
  )");
  load();
  const model::Body& body = *resource("aws_sg.s").body;
  ASSERT_EQ(body.blocks.size(), 2U);
  EXPECT_TRUE(body.blocks[0].certain);
  EXPECT_FALSE(body.blocks[1].certain);
  EXPECT_TRUE(body.blocks[1].body->attribute("port")->value.is_unknown());
  EXPECT_EQ(eval::to_json(body.blocks[1].body->attribute("open")->value), "true");
  const eval::Value* rules = member("aws_sg.s", "rule");
  ASSERT_TRUE(rules->is_unknown());
  EXPECT_EQ(rules->unknown().min_length, 1U);
}

TEST_F(DynamicBlocks, WithoutContentAreReported) {
  write("main.tf", R"(
    resource "aws_sg" "s" {
      dynamic "rule" {
        for_each = [1]
      }
      dynamic "other" {
        for_each = null
        content {}
      }
    }
  )");
  load();
  EXPECT_EQ(codes(), "invalid-dynamic invalid-for-each");
}

}  // namespace
}  // namespace gabion::terraform::testing
