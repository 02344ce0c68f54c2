#include "terraform/narrowing.h"

#include <utility>

#include "terraform/library.h"
#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

/// Variables without a value whose validation says something.
class Narrowings : public testing::Terraform {
 protected:
  eval::Unknown of(std::string_view type, std::string_view condition) {
    write("main.tf", "variable \"v\" {\n  type = " + std::string(type) +
                         "\n  validation {\n    condition = " + std::string(condition) +
                         "\n    error_message = \"no\"\n  }\n}\n" + "resource \"aws_a\" \"a\" {\n  v = var.v\n}\n");
    load();
    value_ = value("aws_a.a", "v");
    EXPECT_TRUE(value_.is_unknown());
    EXPECT_EQ(codes(), "");
    return value_.unknown();
  }
  std::string list(std::string_view type, std::string_view condition) { return list(of(type, condition).alternatives); }
  static std::string list(std::span<const eval::Value> values) {
    std::string all;
    for (const eval::Value& value : values) {
      all += (all.empty() ? "" : " ") + eval::to_json(value);
    }
    return all;
  }

  eval::Value value_;
};

#define NARROWS(name, type, condition, expected) \
  TEST_F(Narrowings, name) {                     \
    EXPECT_EQ(list(type, condition), expected);  \
  }

NARROWS(ReadLists, "string", R"(contains(["a", "b"], var.v))", R"("a" "b")")
NARROWS(ReadEqualities, "string", R"(var.v == "a" || "b" == var.v)", R"("a" "b")")
NARROWS(ReadPatterns, "string", R"x(can(regex("^(a|b-1)$", var.v)))x", R"("a" "b-1")")
NARROWS(ReadCountedMatches, "string", R"x(length(regexall("^(?:a|b)$", var.v)) > 0)x", R"("a" "b")")
NARROWS(ReadAnyTrue, "string", R"(anytrue([var.v == "a", var.v == "b"]))", R"("a" "b")")
NARROWS(KeepNullWhereItPasses, "string", R"(var.v == null ? true : contains(["a"], var.v))", R"(null "a")")
NARROWS(KeepNullBesideOthers, "string", R"(var.v == null || contains(["a"], var.v))", R"(null "a")")
NARROWS(DropNullThatIsRefused, "string", R"(var.v != null ? contains(["a", "b"], var.v) : false)", R"("a" "b")")
NARROWS(Intersect, "string", R"(contains(["a", "b", "c"], var.v) && contains(["c", "b", "d"], var.v))", R"("b" "c")")
NARROWS(DropWhatOtherConditionsRefuse, "string", R"(contains(["a", "b"], var.v) && var.v != "a")", R"("b")")
NARROWS(DropTextsThatEqualNoNumber, "number", R"(contains(["1", 2], var.v))", "2")
NARROWS(TryBooleans, "bool", "var.v != null && var.v", "true")
NARROWS(SayNothingOfOpenPatterns, "string", R"x(can(regex("(a|b)", var.v)))x", "")
NARROWS(SayNothingOfPatternsWithMeaning, "string", R"x(can(regex("^(a|b.)$", var.v)))x", "")
NARROWS(SayNothingOfNumbersThatMatch, "number", R"x(can(regex("^(1|2)$", var.v)))x", "")
NARROWS(SayNothingOfOneSide, "string", R"(var.v == "a" || length(var.v) > 3)", "")
NARROWS(SayNothingOfNegations, "string", R"(!contains(["a"], var.v))", "")

TEST_F(Narrowings, OfNumbersAreBounds) {
  const eval::Unknown& unknown = of("number", "var.v >= 7 && 30 >= var.v");
  ASSERT_NE(unknown.at_least, nullptr);
  ASSERT_NE(unknown.at_most, nullptr);
  EXPECT_EQ(unknown.at_least->to_string(), "7");
  EXPECT_EQ(unknown.at_most->to_string(), "30");
}

TEST_F(Narrowings, OfTextsAreBeginnings) {
  EXPECT_EQ(of("string", R"(startswith(var.v, "arn:aws:"))").prefix, "arn:aws:");
}

TEST_F(Narrowings, OfTextsAreBeginningsOfPatterns) {
  EXPECT_EQ(of("string", R"x(can(regex("^arn:aws:[a-z]+:", var.v)))x").prefix, "arn:aws:");
}

TEST_F(Narrowings, OfTextsAreFirstPieces) {
  EXPECT_EQ(of("string", R"(length(var.v) > 4 && substr(var.v, 0, 4) == "ami-")").prefix, "ami-");
}

TEST_F(Narrowings, OfListsAreLengths) {
  EXPECT_EQ(of("list(string)", "length(var.v) > 1").min_length, 2U);
}

TEST_F(Narrowings, OfListsAreElements) {
  const eval::Unknown& unknown = of("list(string)", R"(alltrue([for x in var.v : contains(["a", "b"], x)]))");
  ASSERT_NE(unknown.element, nullptr);
  EXPECT_EQ(list(unknown.element->unknown().alternatives), R"("a" "b")");
}

TEST_F(Narrowings, HoldForArgumentsThatAreNotKnown) {
  write("main.tf", "variable \"x\" {}\nmodule \"m\" {\n  source = \"./m\"\n  v = var.x\n}\n");
  write("m/main.tf",
        "variable \"v\" {\n  validation {\n    condition = contains([\"a\", \"b\"], var.v)\n    error_message = "
        "\"no\"\n  }\n}\nresource \"aws_a\" \"a\" {\n  v = var.v\n  w = var.v == \"c\"\n}\n");
  load();
  EXPECT_EQ(list(value("module.m.aws_a.a", "v").unknown().alternatives), R"("a" "b")");
  EXPECT_EQ(json("module.m.aws_a.a", "w"), "false");
}

TEST(Patterns, MatchTextsOrBeginnings) {
  EXPECT_EQ(matched_texts("^(a|b)$"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(matched_texts("^a\\.b$"), std::vector<std::string>{"a.b"});
  EXPECT_EQ(matched_texts("^a|b$"), std::vector<std::string>());
  EXPECT_EQ(matched_texts("^(a|b\\)$"), std::vector<std::string>());
  EXPECT_EQ(matched_texts("^(?i:a|b)$"), std::vector<std::string>());
  EXPECT_EQ(matched_texts("^(a)(b)$"), std::vector<std::string>());
  EXPECT_EQ(matched_texts("^\\d$"), std::vector<std::string>());
  EXPECT_EQ(matched_prefix("^ab*c"), "a");
  EXPECT_EQ(matched_prefix("^ab+c"), "ab");
  EXPECT_EQ(matched_prefix("^ab|c"), "");
  EXPECT_EQ(matched_prefix("^ab[|](c|d)"), "ab");
  EXPECT_EQ(matched_prefix("(?i)^ab"), "");
  EXPECT_EQ(matched_prefix("^é?x"), "");
}

// ---- Values that are given. ----

class Validations : public testing::Terraform {
 protected:
  /// A root module that calls a, b and c.
  void call_all(std::string_view argument_of_b = {}) {
    write("main.tf", "module \"a\" {\n  source = \"./a\"\n}\nmodule \"b\" {\n  source = \"./b\"\n" +
                         std::string(argument_of_b) + "}\nmodule \"c\" {\n  source = \"./c\"\n}\n");
  }
  /// Modules a, b and c with this text, and a root module that calls them.
  void copy_to_all(const std::string& text, std::string_view argument_of_b = {}) {
    for (const std::string_view name : {"a", "b", "c"}) {
      write(std::string(name) + "/main.tf", text);
    }
    call_all(argument_of_b);
  }
};

TEST_F(Validations, RefuseValuesWithTheirMessage) {
  write("main.tf", R"(
variable "env" {
  default = "prod"
  validation {
    condition     = contains(["dev"], var.env)
    error_message = "Not ${var.env}."
  }
}
)");
  load();
  ASSERT_EQ(codes(), "validation-failed");
  const findings::Diagnostic& diagnostic = configuration_->diagnostics().front();
  EXPECT_EQ(diagnostic.message, "value of var.env fails its validation: Not prod");
  EXPECT_EQ(artifacts_.text(diagnostic.region), "\"prod\"");
}

TEST_F(Validations, ReferToOtherVariablesAndAreReportedAtTheArgument) {
  write("main.tf", "module \"m\" {\n  source = \"./m\"\n  n = 5\n}\n");
  write("m/main.tf", R"(
variable "max" { default = 3 }
variable "n" {
  validation {
    condition     = var.n < var.max
    error_message = "too large"
  }
  validation {
    condition     = var.n > 0
    error_message = "too small"
  }
}
)");
  load();
  ASSERT_EQ(codes(), "validation-failed");
  EXPECT_EQ(artifacts_.text(configuration_->diagnostics().front().region), "5");
}

/// Copies of one declaration, each in a module of its own, of which one is given another value.
TEST_F(Validations, AreAskedOfEachValueOfCopies) {
  const std::string variable = R"(
variable "env" {
  default = "dev"
  validation {
    condition     = contains(["dev"], var.env)
    error_message = "Not ${var.env}."
  }
}
)";
  copy_to_all(variable, "  env = \"prod\"\n");
  load();
  ASSERT_EQ(codes(), "validation-failed");
  EXPECT_EQ(configuration_->diagnostics().front().message, "value of var.env fails its validation: Not prod");
}

TEST_F(Validations, RefuseTheDefaultOfEachCopy) {
  const std::string variable =
      "variable \"n\" {\n  default = 1\n  validation {\n    condition = var.n > 1\n    error_message = \"no\"\n  "
      "}\n}\n";
  write("a/main.tf", variable);
  write("b/main.tf", variable);
  write("main.tf", "module \"a\" {\n  source = \"./a\"\n}\nmodule \"b\" {\n  source = \"./b\"\n}\n");
  load();
  EXPECT_EQ(codes(), "validation-failed validation-failed");
}

TEST_F(Validations, OfCopiesHangOnWhatOverridesThem) {
  const std::string variable =
      "variable \"n\" {\n  default = 2\n  validation {\n    condition = var.n > 1\n    error_message = \"no\"\n  "
      "}\n}\n";
  copy_to_all(variable);
  write("b/main_override.tf", "variable \"n\" {\n  default = 1\n}\n");
  load();
  EXPECT_EQ(codes(), "validation-failed");
}

TEST_F(Validations, OfCopiesLookAtWhatIsAroundEach) {
  const std::string variable = R"(
variable "n" {
  default = 1
  validation {
    condition     = var.n >= local.least && length(file("${path.module}/name")) > var.n
    error_message = "no"
  }
}
)";
  write("a/main.tf", variable + "locals {\n  least = 1\n}\n");
  write("a/name", "long");
  write("b/main.tf", variable + "locals {\n  least = 2\n}\n");
  write("b/name", "long");
  write("c/main.tf", variable + "locals {\n  least = 0\n}\n");
  write("c/name", "");
  call_all();
  load();
  EXPECT_EQ(codes(), "validation-failed validation-failed");
}

/// A variable with this default and condition, as it is declared.
class Defaults : public ::testing::TestWithParam<std::pair<std::string_view, bool>> {};

TEST_P(Defaults, SurelyHoldWhereNothingElseIsLookedAt) {
  const auto& [condition, expected] = GetParam();
  const std::string text =
      "variable \"n\" {\n  default = 5\n  validation {\n    condition = " + std::string(condition) +
      "\n    error_message = \"no\"\n  }\n}\n";
  source::MemoryFileSystem files;
  files.write("main.tf", text);
  source::ArtifactStore artifacts;
  const auto inventory = source::discover(files, {"."}, {});
  ASSERT_TRUE(inventory.has_value());
  Library library(files, artifacts, inventory.value(), {});
  const Module* module = library.module(".");
  ASSERT_NE(module, nullptr);
  ASSERT_EQ(module->variables.size(), 1U);
  EXPECT_EQ(module->variables.front().default_holds, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, Defaults,
    ::testing::Values(std::pair{R"(var.n > 4)", true}, std::pair{R"(var.n > 5)", false},
                      std::pair{R"(var.n == null ? true : contains([1, 5], var.n))", true},
                      std::pair{R"x(can(regex("^[0-9]$", var.n)))x", true},
                      std::pair{R"x(!can(regex("^[0-9]$", var.n)))x", false},
                      // What is true here may not be elsewhere.
                      std::pair{R"(try(var.m, 5) == 5)", false}, std::pair{R"(!can(local.l))", false},
                      std::pair{R"(!can(file("name")))", false}, std::pair{R"(!fileexists("name"))", false},
                      std::pair{R"(abspath("/a") == "/a")", false}, std::pair{R"(timestamp() != "")", false},
                      std::pair{R"(alltrue([for x in [var.n] : x > 4]))", false}, std::pair{R"(!can(var["m"]))", false},
                      std::pair{R"(length([for x in ["a"] : x if x == local.l]) == 0)", false},
                      std::pair{R"("${local.l}" != "")", false},
                      std::pair{R"("%{for x in [1]}${can(local.l)}%{endfor}" == "false")", false},
                      std::pair{R"(length(var.n[*][local.l]) == 0)", false},
                      std::pair{R"("x-${var.n}" == "x-5")", true}));

TEST_F(Validations, DoNotTellSecrets) {
  write("main.tf", R"(
variable "secret" {
  sensitive = true
  default   = "hunter2"
  validation {
    condition     = nonsensitive(var.secret) != "hunter2"
    error_message = "Not ${var.secret}."
  }
}
)");
  load();
  ASSERT_EQ(codes(), "validation-failed");
  EXPECT_EQ(configuration_->diagnostics().front().message, "value of var.secret fails its validation");
}

}  // namespace
}  // namespace gabion::terraform
