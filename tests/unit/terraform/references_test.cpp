#include <gmock/gmock.h>

#include "fixture.h"
#include "syntax/hcl/parser.h"

namespace gabion::terraform::testing {
namespace {

class References : public Terraform {};

TEST_F(References, InACircleAreReportedOnce) {
  write("main.tf", R"(
    locals {
      a = local.b
      b = [local.a]
    }
    resource "aws_a" "x" { v = aws_a.y.v }
    resource "aws_a" "y" { v = aws_a.x.v }
    resource "aws_a" "z" { v = local.a }
  )");
  load();
  EXPECT_EQ(codes(), "reference-cycle reference-cycle");
  for (const findings::Diagnostic& diagnostic : configuration_->diagnostics()) {
    EXPECT_EQ(diagnostic.severity, findings::DiagnosticSeverity::kError);
  }
  EXPECT_EQ(addresses(), "aws_a.x aws_a.y aws_a.z");
  EXPECT_FALSE(value("aws_a.z", "v").wholly_known());
}

TEST_F(References, ToNothingAreReportedAndUnknown) {
  write("main.tf", R"(
    resource "aws_a" "a" {
      a = var.no
      b = local.no
      c = module.no.x
      d = aws_b.no.arn
      e = data.aws_b.no.arn
      f = each.key
      g = 1
    }
  )");
  load();
  EXPECT_EQ(codes(), "evaluation evaluation evaluation evaluation evaluation evaluation");
  EXPECT_EQ(configuration_->diagnostics()[0].message, "variable \"no\" is not declared in this module");
  EXPECT_EQ(artifacts_.text(configuration_->diagnostics()[0].region), "var.no");
  EXPECT_EQ(value("aws_a.a", "a").unknown().symbol->reason, eval::Reason::kInvalid);
  EXPECT_EQ(json("aws_a.a", "g"), "1");
}

TEST_F(References, InErrorAreReportedWhereTheErrorIs) {
  write("main.tf", R"(
    locals { bad = "a" + 1 }
    resource "aws_a" "a" { v = local.bad }
    resource "aws_a" "b" { v = local.bad }
    resource "aws_a" "c" { v = try(local.bad, "fallback") }
  )");
  load();
  EXPECT_EQ(codes(), "evaluation");
  EXPECT_TRUE(value("aws_a.c", "v").is_unknown());
}

TEST_F(References, ToNothingLeaveWhatIsBesideThemKnown) {
  write("main.tf", R"(
    locals {
      m    = { a = 1 }
      part = ["a", local.m["b"], local.m.c, "d"]
    }
    resource "aws_a" "a" {
      object = { known = "k", open = "x-${var.no}-y", (var.no) = 1 }
      tuple  = ["*", var.no]
      text   = "${var.no}/${aws_b.no.arn}"
      call   = jsonencode({ Action = "*", Resource = var.no })
      local  = local.part
      same   = [var.no, var.no]
    }
  )");
  load();
  EXPECT_EQ(codes(), "evaluation evaluation evaluation evaluation evaluation evaluation");
  EXPECT_TRUE(value("aws_a.a", "object").is_unknown());
  ASSERT_TRUE(value("aws_a.a", "tuple").is_sequence());
  EXPECT_EQ(value("aws_a.a", "tuple").elements()[0].text(), "*");
  EXPECT_EQ(value("aws_a.a", "tuple").elements()[1].unknown().symbol->reason, eval::Reason::kInvalid);
  EXPECT_EQ(value("aws_a.a", "tuple").elements()[1].unknown().symbol->text, "var.no");
  EXPECT_EQ(value("aws_a.a", "text").detail()->parts.size(), 3U);
  EXPECT_NE(value("aws_a.a", "call").detail(), nullptr);
  ASSERT_EQ(value("aws_a.a", "local").elements().size(), 4U);
  EXPECT_EQ(value("aws_a.a", "local").elements()[3].text(), "d");
  EXPECT_FALSE(eval::same(value("aws_a.a", "local").elements()[1], value("aws_a.a", "local").elements()[2]));
  EXPECT_TRUE(eval::same(value("aws_a.a", "same").elements()[0], value("aws_a.a", "same").elements()[1]));
}

TEST_F(References, ToNothingAreErrorsForTryAndCan) {
  write("main.tf", R"(
    locals { m = { a = 1 } }
    resource "aws_a" "a" {
      fine  = [try(local.m.b, "fallback"), can(local.m.b)]
      mixed = [try(local.m.b, "fallback"), can(local.m.b), try(local.m.c), var.no]
      taken = [true ? "a" : local.m.b, local.m.d]
    }
  )");
  load();
  EXPECT_EQ(codes(), "evaluation evaluation");
  EXPECT_EQ(json("aws_a.a", "fine"), R"(["fallback",false])");
  const eval::Value mixed = value("aws_a.a", "mixed");
  ASSERT_EQ(mixed.elements().size(), 4U);
  EXPECT_EQ(mixed.elements()[0].text(), "fallback");
  EXPECT_FALSE(mixed.elements()[1].boolean());
  EXPECT_TRUE(mixed.elements()[2].is_unknown());
  EXPECT_EQ(value("aws_a.a", "taken").elements()[0].text(), "a");
}

TEST_F(References, NullsInTemplatesLeaveTheirTextKnown) {
  write("main.tf", R"(
    variable "none" { default = null }
    resource "aws_a" "a" {
      text = "a-${var.none}-b"
      list = ["*", "a-${var.none}-b", "${[]}c"]
    }
  )");
  load();
  EXPECT_EQ(codes(), "evaluation evaluation");
  const eval::Value list = value("aws_a.a", "list");
  ASSERT_EQ(list.elements().size(), 3U);
  EXPECT_EQ(list.elements()[0].text(), "*");
  ASSERT_TRUE(list.elements()[1].is_unknown());
  ASSERT_EQ(list.elements()[1].detail()->parts.size(), 3U);
  EXPECT_EQ(list.elements()[1].detail()->parts[0].text, "a-");
  EXPECT_EQ(list.elements()[2].detail()->parts[1].text, "c");
}

TEST_F(References, InDirectivesKeepTheChoiceOfTheirCondition) {
  write("main.tf", R"(
    variable "v" { type = string }
    locals { v = var.v != null ? var.v : "" }
    resource "aws_a" "a" { text = "a%{ if local.v != "" }<${local.v}>%{ endif }" }
  )");
  load();
  const eval::Value text = value("aws_a.a", "text");
  ASSERT_TRUE(text.is_unknown());
  ASSERT_FALSE(text.unknown().alternatives.empty());
  for (const eval::Value& alternative : text.unknown().alternatives) {
    EXPECT_NE(alternative.text(), "a<>");
  }
}

TEST_F(References, ToNothingInArgumentsOfModules) {
  write("main.tf", R"(
    module "m" {
      source = "./m"
      names  = ["a", var.no]
      number = { a = [var.no] }
    }
  )");
  write("m/main.tf", R"(
    variable "names" { type = list(string) }
    variable "number" { type = number }
    resource "aws_a" "a" {
      names  = var.names
      number = var.number
    }
  )");
  load();
  EXPECT_EQ(codes(), "evaluation evaluation");
  ASSERT_EQ(value("module.m.aws_a.a", "names").elements().size(), 2U);
  EXPECT_EQ(value("module.m.aws_a.a", "names").elements()[0].text(), "a");
  EXPECT_TRUE(value("module.m.aws_a.a", "number").is_unknown());
}

TEST_F(References, ToBlocksOfProvidersWithoutSchema) {
  write("main.tf", R"(
    resource "other_a" "a" {
      config {
        name = "n"
        role { name = "r" }
      }
    }
    resource "aws_a" "a" {
      object = other_a.a.config.role.external
      list   = other_a.a.config[0].role[0].name
      half   = other_a.a.config[0].role.name
    }
  )");
  load();
  EXPECT_EQ(codes(), "");
  EXPECT_EQ(value("aws_a.a", "object").unknown().symbol->text, "other_a.a.config.role.external");
  EXPECT_EQ(json("aws_a.a", "list"), R"("r")");
  EXPECT_TRUE(value("aws_a.a", "half").is_unknown());
}

TEST_F(References, ToOutputsOfAbsentModulesMayBeLists) {
  write("main.tf", R"(
    module "m" { source = "example.com/m/aws" }
    resource "aws_a" "a" {
      text = module.m.some_arn
      list = module.m.some_arn[0][0]
      map  = module.m.some_arn["a"].b
    }
  )");
  load();
  EXPECT_EQ(codes(), "module-not-downloaded");
  EXPECT_EQ(value("aws_a.a", "text").node().type()->kind, eval::TypeKind::kString);
  EXPECT_EQ(value("aws_a.a", "list").unknown().symbol->text, "module.m.some_arn[0][0]");
  EXPECT_TRUE(value("aws_a.a", "map").is_unknown());
}

TEST_F(References, InLongChainsAreReportedWhereTheLimitIs) {
  std::string text = "locals {\n";
  for (int link = 500; link > 0; --link) {
    text += "  l" + std::to_string(link) + " = \"${local.l" + std::to_string(link - 1) + "}x\"\n";
  }
  write("main.tf", text + "  l0 = \"\"\n}\nresource \"aws_a\" \"a\" { v = local.l500 }\n");
  load();
  EXPECT_EQ(codes(), "evaluation-limit");
  EXPECT_EQ(configuration_->diagnostics()[0].severity, findings::DiagnosticSeverity::kError);
  EXPECT_TRUE(value("aws_a.a", "v").is_unknown());
}

TEST_F(References, StopWhereTheStepsAreUsedUp) {
  options_.limits.steps = 100;
  write("main.tf",
        "resource \"aws_a\" \"a\" { v = length([for a in range(1000) : a]) }\nresource \"aws_a\" \"b\" { v = 1 }\n");
  load();
  EXPECT_EQ(codes(), "evaluation-limit");
  EXPECT_EQ(addresses(), "aws_a.a aws_a.b");
}

TEST_F(References, InTryDoNotDependOnWhatWasEvaluatedBefore) {
  write("main.tf", R"(
    variable "list" { type = list(string) }
    locals {
      a_first = try(local.doubtful, "fallback")
      doubtful = var.list[3]
      z_last = try(local.doubtful, "fallback")
    }
    resource "aws_a" "a" {
      first = local.a_first
      last  = local.z_last
    }
  )");
  load();
  EXPECT_TRUE(eval::same(value("aws_a.a", "first"), value("aws_a.a", "last")));
}

TEST_F(References, ToPathsAreRelativeToTheRoot) {
  write("live/prod/main.tf", R"(
    module "m" { source = "../../modules/m" }
    output "paths" { value = [path.module, path.root, module.m.path, terraform.workspace] }
  )");
  write("modules/m/main.tf", R"(output "path" { value = path.module })");
  load("live/prod");
  EXPECT_EQ(output("paths"), R"([".",".","../../modules/m","default"])");
}

TEST_F(References, ToDataSourcesNameThem) {
  write("main.tf", R"(
    data "aws_caller_identity" "current" {}
    data "aws_subnet" "s" {
      for_each = toset(["a"])
      id       = each.key
    }
    resource "aws_a" "a" {
      account = data.aws_caller_identity.current.account_id
      subnet  = data.aws_subnet.s["a"].cidr_block
      id      = data.aws_subnet.s["a"].id
    }
  )");
  load();
  const eval::Symbol* account = value("aws_a.a", "account").unknown().symbol;
  EXPECT_EQ(account->text, "data.aws_caller_identity.current.account_id");
  EXPECT_EQ(account->reason, eval::Reason::kData);
  EXPECT_EQ(value("aws_a.a", "subnet").unknown().symbol->text, "data.aws_subnet.s[\"a\"].cidr_block");
  EXPECT_EQ(json("aws_a.a", "id"), R"("a")");
}

TEST_F(References, ToSensitiveValuesMakeOutputsSensitive) {
  write("main.tf", R"(
    variable "secret" {
      default   = "s"
      sensitive = true
    }
    module "m" {
      source = "./m"
      secret = var.secret
    }
    output "open" { value = jsonencode(var.secret == "s" ? "x" : "y") }
    output "inside" { value = { a = var.secret } }
    output "marked" {
      value     = var.secret
      sensitive = true
    }
  )");
  write("m/main.tf", R"(
    variable "secret" {}
    output "passed_on" { value = var.secret }
  )");
  load();
  EXPECT_EQ(codes(), "sensitive-output sensitive-output");
  EXPECT_NE(output("open").find("$unknown"), std::string::npos);
  EXPECT_NE(output("inside").find("$unknown"), std::string::npos);
  EXPECT_EQ(output("marked").find("$unknown"), std::string::npos);
}

class Regions : public Terraform {};

TEST_F(Regions, FollowFromTheProvider) {
  write("main.tf", R"(
    locals { home = "cn-north-1" }
    provider "aws" {
      region = local.home
    }
    provider "aws" {
      alias  = "east"
      region = "us-east-1"
    }
    provider "aws" { alias = "open" }
    data "aws_region" "here" {}
    data "aws_region" "there" { provider = aws.east }
    data "aws_region" "open" { provider = aws.open }
    data "aws_partition" "here" {}
    module "inherits" { source = "./m" }
    module "given" {
      source    = "./m"
      providers = { aws = aws.east }
    }
    output "regions" { value = [data.aws_region.here.name, data.aws_region.there.region] }
    output "open" { value = data.aws_region.open.name }
    output "suffix" { value = data.aws_partition.here.dns_suffix }
    output "modules" { value = [module.inherits.p, module.given.p] }
  )");
  write("m/main.tf", R"(
    data "aws_partition" "p" {}
    output "p" { value = data.aws_partition.p.partition }
  )");
  load();
  EXPECT_EQ(output("regions"), R"(["cn-north-1","us-east-1"])");
  EXPECT_EQ(output("open"), R"({"$unknown":"string"})");
  EXPECT_EQ(output("suffix"), R"("amazonaws.com.cn")");
  EXPECT_EQ(output("modules"), R"(["aws-cn","aws"])");
  EXPECT_EQ(codes(), "");
}

TEST_F(Regions, FollowFromTheEnvironment) {
  write("main.tf", "data \"aws_region\" \"r\" {}\noutput \"r\" { value = data.aws_region.r.name }\n");
  options_.environment = {{"AWS_REGION", "eu-west-1"}};
  load();
  EXPECT_EQ(output("r"), R"("eu-west-1")");
}

TEST_F(Regions, ThatDependOnThemselvesAreUnknown) {
  write("main.tf", R"(
    provider "aws" { region = data.aws_region.r.name }
    data "aws_region" "r" {}
    output "r" { value = data.aws_region.r.id }
  )");
  load();
  EXPECT_TRUE(output("r").find("$unknown") != std::string::npos);
}

class FileAccessing : public Terraform {};

TEST_F(FileAccessing, ReadsBelowTheGivenPaths) {
  write("stack/main.tf", R"(
    resource "aws_a" "a" {
      text     = file("files/a.txt")
      template = templatefile("${path.module}/files/t.tpl", { who = "me" })
      names    = fileset(path.module, "files/*.{txt,md}")
      there    = fileexists("files/a.txt")
      missing  = fileexists("files/no.txt")
    }
  )");
  write("stack/files/a.txt", "hello");
  write("stack/files/b.md", "x");
  write("stack/files/t.tpl", "I am ${who}");
  load("stack");
  EXPECT_EQ(json("aws_a.a", "text"), R"("hello")");
  EXPECT_EQ(json("aws_a.a", "template"), R"("I am me")");
  EXPECT_EQ(json("aws_a.a", "names"), R"(["files/a.txt","files/b.md"])");
  EXPECT_EQ(json("aws_a.a", "there"), "true");
  EXPECT_EQ(json("aws_a.a", "missing"), "false");
}

TEST_F(FileAccessing, StaysBelowTheGivenPaths) {
  write("stack/main.tf", R"(
    resource "aws_a" "a" {
      up       = file("../secret.txt")
      absolute = file("/secret.txt")
    }
  )");
  write("secret.txt", "s");
  write("/secret.txt", "s");
  workspace({"stack"});
  load("stack");
  EXPECT_TRUE(value("aws_a.a", "up").is_unknown());
  EXPECT_TRUE(value("aws_a.a", "absolute").is_unknown());
}

TEST_F(FileAccessing, DoesNotFollowLinksOut) {
  write("stack/main.tf", R"(resource "aws_a" "a" { text = file("link.txt") })");
  write("secret.txt", "s");
  files_.link("stack/link.txt", "../secret.txt");
  workspace({"stack"});
  load("stack");
  EXPECT_TRUE(value("aws_a.a", "text").is_unknown());
}

TEST_F(FileAccessing, TellsNothingAboutWhatIsOutside) {
  write("stack/main.tf", R"(
    resource "aws_a" "a" {
      there    = fileexists("../secret.txt")
      absent   = fileexists("../none.txt")
      deep     = fileexists("../none/deep/x.txt")
      up       = fileexists("files/../../secret.txt")
      absolute = fileexists("/secret.txt")
      linked   = fileexists("link.txt")
      below    = fileexists("out/secret.txt")
      hash     = can(filesha256("../none.txt"))
      names    = fileset("..", "*")
      missing  = fileexists("files/none/x.txt")
      error    = can(file("files/none.txt"))
      folder   = can(fileexists("files"))
    }
  )");
  write("stack/files/a.txt", "a");
  write("secret.txt", "s");
  write("/secret.txt", "s");
  write("other/secret.txt", "s");
  files_.link("stack/link.txt", "../secret.txt");
  files_.link("stack/out", "../other");
  workspace({"stack"});
  load("stack");
  for (const char* attribute : {"there", "absent", "deep", "up", "absolute", "linked", "below", "hash", "names"}) {
    EXPECT_TRUE(value("aws_a.a", attribute).is_unknown()) << attribute << ": " << json("aws_a.a", attribute);
  }
  for (const char* attribute : {"missing", "error", "folder"}) {
    EXPECT_EQ(json("aws_a.a", attribute), "false") << attribute;
  }
}

TEST_F(FileAccessing, GoesOutsideWhenAllowed) {
  write("stack/main.tf", R"(resource "aws_a" "a" { text = file("../secret.txt") })");
  write("secret.txt", "s");
  options_.allow_outside = true;
  workspace({"stack"});
  load("stack");
  EXPECT_EQ(json("aws_a.a", "text"), R"("s")");
}

TEST_F(FileAccessing, ReadsInTheWholeRepository) {
  write("repo/.git/HEAD", "ref: refs/heads/main");
  write("repo/stack/main.tf", R"(resource "aws_a" "a" { text = file("../shared/a.txt") })");
  write("repo/shared/a.txt", "s");
  workspace({"repo/stack"});
  load("repo/stack");
  EXPECT_EQ(json("aws_a.a", "text"), R"("s")");
}

class Sessions : public Terraform {};

TEST_F(Sessions, EvaluateFurtherExpressions) {
  write("main.tf", "locals { a = [1, 2] }\nvariable \"open\" {}\n");
  const auto session = workspace().open(".");
  eval::Context context = session->context();
  const auto evaluate = [&](const std::string& text) {
    const source::Artifact& artifact = artifacts_.add("<" + text + ">", text, source::Role::kInternal);
    const auto parsed = syntax::hcl::parse_expression(artifact, artifact.whole(), context.arena, context.limits);
    return eval::evaluate(*parsed.expression, session->scope(), context);
  };
  EXPECT_EQ(eval::to_json(evaluate("local.a[1] + 1")), "3");
  EXPECT_TRUE(evaluate("var.open").is_unknown());
  EXPECT_TRUE(evaluate("local.none").is_error());
}

TEST_F(References, ToWhatNamesAResourceAreNotNull) {
  write("main.tf", R"(
    resource "aws_iam_instance_profile" "p" { role = "r" }
    resource "aws_kms_key" "k" {}
    data "aws_kms_alias" "a" { name = "alias/a" }
    resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
    output "name" { value = aws_iam_instance_profile.p.name == null }
    output "id" { value = aws_kms_key.k.key_id == null }
    output "target" { value = data.aws_kms_alias.a.target_key_id == null }
    output "other" { value = aws_vpc.v.ipv6_cidr_block == null }
  )");
  load();
  EXPECT_EQ(output("name"), "false");
  EXPECT_EQ(output("id"), "false");
  EXPECT_EQ(output("target"), "false");
  EXPECT_THAT(output("other"), ::testing::HasSubstr("$unknown"));
}

TEST_F(References, ToArnsTellWhatTheseAreMadeOf) {
  write("main.tf", R"(
    variable "stage" { type = string }
    resource "aws_lambda_function" "f" { function_name = "check" }
    resource "aws_lambda_function" "g" { function_name = "${var.stage}-check" }
    resource "aws_lambda_function" "h" {}
    resource "aws_iam_role" "r" { name = "orders" }
    data "aws_lambda_function" "d" { function_name = "check" }
    data "aws_iam_policy" "p" { name = "orders" }
    locals {
      task  = jsonencode({ Resource = aws_lambda_function.f.arn, "s3" = true })
      loose = jsonencode({ Resource = aws_lambda_function.f.arn, Other = var.stage })
    }
    output "service" { value = strcontains(aws_lambda_function.f.arn, ":lambda:") }
    output "name" { value = strcontains("<${aws_lambda_function.f.arn}>", ":function:check>") }
    output "in_name" { value = strcontains(aws_lambda_function.g.arn, "-check") }
    output "without" { value = strcontains(aws_lambda_function.h.arn, ":function:") }
    output "looked_up" { value = strcontains(data.aws_lambda_function.d.arn, ":lambda:") }
    output "path" { value = strcontains(aws_iam_role.r.arn, ":role/orders") }
    output "encoded" { value = strcontains(local.task, ":lambda:") }

    output "no" { value = strcontains(aws_lambda_function.f.arn, ":s3:") }
    output "no_name" { value = strcontains(aws_lambda_function.g.arn, ":s3:") }
    output "no_encoded" { value = strcontains(local.task, ":s3:") }

    output "maybe_region" { value = strcontains(aws_lambda_function.f.arn, "eu-west-1") }
    output "maybe_name" { value = strcontains(aws_lambda_function.g.arn, "live") }
    output "maybe_looked_up" { value = strcontains(data.aws_lambda_function.d.arn, ":s3:") }
    output "maybe_managed" { value = strcontains(data.aws_iam_policy.p.arn, ":policy/") }
    output "maybe_encoded" { value = strcontains(local.loose, ":s3:") }
    output "maybe_syntax" { value = strcontains(local.task, "eu") }
  )");
  load();
  for (const char* name : {"service", "name", "in_name", "without", "looked_up", "path", "encoded"}) {
    EXPECT_EQ(output(name), "true") << name;
  }
  for (const char* name : {"no", "no_name", "no_encoded"}) {
    EXPECT_EQ(output(name), "false") << name;
  }
  for (const char* name :
       {"maybe_region", "maybe_name", "maybe_looked_up", "maybe_managed", "maybe_encoded", "maybe_syntax"}) {
    EXPECT_THAT(output(name), ::testing::HasSubstr("$unknown")) << name;
  }
}

}  // namespace
}  // namespace gabion::terraform::testing
