// Small files whose values would grow past all bounds: texts and lists that double, bombs of YAML and JSON, patterns,
// numbers, instances. The program ends well, within memory that the input does not decide, and analyses what else there
// is. Nothing is ever decompressed: there is no function that would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;

/// One text as main.tf, beside a key with one finding in another root module.
struct Case {
  std::string name;
  std::string text;
};

std::string described(const std::string& expression) {
  return "resource \"aws_kms_alias\" \"k\" {\n  name = " + expression + "\n}\n";
}

/// Locals that each hold the one before twice, so that the last one is 2^40 times the first.
std::string doubling(const std::string& first, const std::string& left, const std::string& middle,
                     const std::string& right) {
  std::string text = "locals {\n  a0 = " + first + "\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = "local.a" + std::to_string(i - 1);
    text += "  a" + std::to_string(i) + " = " + left + before + middle + before + right + "\n";
  }
  return text + "}\n\n" + described("length(jsonencode(local.a40))");
}

std::string nested_for(int depth) {
  std::string expression = "1";
  for (int i = 0; i < depth; ++i) {
    expression = "[for v" + std::to_string(i) + " in range(1000) : " + expression + "]";
  }
  return described("length(" + expression + ")");
}

/// The value of yamldecode() of a text.
std::string decoded(const std::string& yaml) {
  return "locals {\n  bomb = <<EOT\n" + yaml + "EOT\n}\n" + described("length(yamldecode(local.bomb))");
}

/// Lines of YAML that each stand for ten times the one before.
std::string laughs(int lines) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  std::string last = "a";
  for (int i = 0; i < lines; ++i) {
    const std::string name = "b" + std::to_string(i);
    text += name + ": &" + name + " [" + repeat("*" + last + ", ", 9) + "*" + last + "]\n";
    last = name;
  }
  return text;
}

/// Mappings that each merge all before.
std::string merges(int lines) {
  std::string text = "a: &a {k: v}\n";
  std::string last = "a";
  for (int i = 0; i < lines; ++i) {
    const std::string name = "b" + std::to_string(i);
    text += name + ": &" + name + " {<<: *" + last + ", k" + std::to_string(i) + ": v}\n";
    last = name;
  }
  return text;
}

/// What the values of one root module may take is 512 MiB; the rest is for the program and what it says.
constexpr long kMostMemory = 1'200L * 1024;

class GrowthTest : public testing::TestWithParam<Case> {};

TEST_P(GrowthTest, StaysWithinBounds) {
  const Project project;
  project.write("stack/main.tf", GetParam().text);
  project.write("stack/m/main.tf", "module \"n\" {\n  source = \"../n\"\n  count  = 1000\n}\n");
  project.write("stack/n/main.tf", "resource \"aws_sns_topic\" \"t\" {\n  count = 1000\n}\n");
  project.write("other/main.tf", kBadKey);
  const Outcome scanned = project.gabion({"scan", "--cache", "off", "--format", "json", "--rule", "aws-kms-*"});
  EXPECT_EQ(scanned.status, 1) << scanned.err;
  EXPECT_THAT(resources(scanned), testing::Contains("aws_kms_key.a")) << "the rest is analysed";
  const Outcome shown = project.gabion({"show", "--format", "json", "stack"});
  EXPECT_TRUE(shown.status == 0 || shown.status == 3) << shown.err;
  if (!kSanitized) {
    EXPECT_LT(scanned.peak_kib, kMostMemory);
    EXPECT_LT(shown.peak_kib, kMostMemory);
  }
}

/// Root modules that nobody calls, side by side, each with ten times the block; the peak of a scan in bytes, and how
/// many findings and bytes of text there were.
struct Sums {
  long peak = 0;
  long findings = 0;
  long text = 0;
};
Sums scan_roots(int roots, const std::string& block) {
  const Project project;
  Sums sums;
  for (int i = 0; i < roots; ++i) {
    std::string text;
    for (int k = 0; k < 10; ++k) {
      const std::string number = std::to_string(k);
      std::string one = block;
      for (std::size_t at = one.find('#'); at != std::string::npos; at = one.find('#')) {
        one.replace(at, 1, number);
      }
      text += one;
    }
    sums.text += static_cast<long>(text.size());
    project.write("r" + std::to_string(i) + "/main.tf", text);
  }
  const Outcome outcome = project.gabion({"scan", "--no-config", "--cache", "off", "--jobs", "1", "--format", "csv"});
  EXPECT_LE(outcome.status, 1) << outcome.err;
  sums.peak = outcome.peak_kib * 1024;
  sums.findings = std::count(outcome.out.begin(), outcome.out.end(), '\n') - 1;
  return sums;
}

/// What a scan of many root modules takes more than one of few.
Sums growth(const std::string& block) {
  const Sums few = scan_roots(100, block);
  const Sums many = scan_roots(600, block);
  return {many.peak - few.peak, many.findings - few.findings, many.text - few.text};
}

TEST(MemoryGrowth, IsOfTextsAndNotOfSyntax) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer needs memory of its own";
  }
  const Sums more = growth(
      "variable \"name_#\" {\n  description = \"The name of thing # of the stack\"\n  type        = string\n"
      "  default     = \"thing-#\"\n}\n\nresource \"aws_ssm_document\" \"d#\" {\n  name          = var.name_#\n"
      "  document_type = \"Command\"\n  content = jsonencode({\n    schemaVersion = \"2.2\"\n    description   = "
      "\"step "
      "#\"\n    mainSteps     = []\n  })\n}\n\n");
  EXPECT_EQ(more.findings, 0);
  EXPECT_LT(more.peak, 6 * more.text);  // their trees alone would be more than that
}

TEST(MemoryGrowth, IsNoMoreThanWhatIsReported) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer needs memory of its own";
  }
  const Sums more = growth("resource \"aws_kms_key\" \"k#\" {\n  description = \"thing #\"\n}\n\n");
  EXPECT_GE(more.findings, 5000);
  EXPECT_LT(more.peak, 2400 * more.findings);
}

INSTANTIATE_TEST_SUITE_P(
    Values, GrowthTest,
    testing::Values(
        Case{"Templates", doubling("\"xxxxxxxxxx\"", "\"${", "}${", "}\"")},
        Case{"Format", doubling("\"xxxxxxxxxx\"", "format(\"%s%s\", ", ", ", ")")},
        Case{"Join", doubling("\"xxxxxxxxxx\"", "join(\"\", [", ", ", "])")},
        Case{"Concat", doubling("[\"x\"]", "concat(", ", ", ")")}, Case{"Nesting", doubling("[\"x\"]", "[", ", ", "]")},
        Case{"FormatWidth", described("format(\"%999999999d\", 1)")},
        Case{"FormatPrecision", described("format(\"%.999999999f\", 1)")},
        Case{"FormatList", described("formatlist(\"%s%s\", range(1000), range(1000))")},
        Case{"SetProduct", described("length(setproduct(range(1000), range(1000), range(1000), range(1000)))")},
        Case{"Replace",
             "locals {\n  a = join(\"\", [for i in range(1000) : join(\"\", range(20))])\n  b = replace(local.a, "
             "\"/./\", local.a)\n}\n" +
                 described("length(local.b)")},
        Case{"ReplaceOfNothing", "locals {\n  a = join(\"\", [for i in range(1000) : join(\"\", range(20))])\n}\n" +
                                     described("replace(local.a, \"\", local.a)")},
        Case{"Reverse", doubling("\"xxxxxxxxxx\"", "strrev(\"${", "}${", "}\")")},
        Case{"Base64", doubling("\"xxxxxxxxxx\"", "base64encode(\"${", "}${", "}\")")},
        Case{"UrlEncode", doubling("\"&&&&&&&&&&\"", "urlencode(\"${", "}${", "}\")")},
        Case{"JsonOfJson", doubling("\"\\\"\"", "jsonencode([", ", ", "])")},
        Case{"YamlOfYaml", doubling("\"\\\"\"", "yamlencode([", ", ", "])")}, Case{"YamlAliases", decoded(laughs(20))},
        Case{"YamlCircle", decoded("a: &a [*a, *a]\n")}, Case{"YamlMerges", decoded(merges(2000))},
        Case{"YamlDepth", described("length(yamldecode(\"" + repeat("[", 10000) + "\"))")},
        Case{"JsonDepth", described("length(jsondecode(\"" + repeat("[", 10000) + repeat("]", 10000) + "\"))")},
        Case{"Csv", described("length(csvdecode(join(\",\", [for i in range(1000) : join(\",\", [for k in range(1000) "
                              ": \"${i}-${k}\"])])))")},
        Case{"Zeros", described("base64gzip(join(\"\", [for i in range(1000) : join(\"\", [for k in range(1000) : "
                                "\"0\"])]))")},
        Case{"Backtracking", described("regexall(\"(x+x+)+y\", join(\"\", [for i in range(1000) : join(\"\", [for k in "
                                       "range(100) : \"x\"])]))")},
        Case{"LargePattern", described("regex(join(\"|\", [for i in range(1000) : join(\"|\", [for k in range(100) : "
                                       "\"${i}x${k}\"])]), \"999x99\")")},
        Case{"CidrSubnets", described("length(cidrsubnets(\"::/0\", [for i in range(1000) : 64]...))")},
        Case{"CidrHost", described("cidrhost(\"::/0\", pow(2, 1000))")},
        Case{"Flatten", doubling("[\"x\"]", "flatten([", ", ", "])")},
        Case{"Merge",
             "locals {\n  a = merge([for i in range(1000) : { for k in range(1000) : \"${i}-${k}\" => k }]...)\n}\n" +
                 described("length(local.a)")},
        Case{"PowerOfPowers", described("pow(pow(pow(10, 100), 100), 100)")},
        Case{"Digits", described(repeat("9", 1000000) + " * " + repeat("9", 1000000))},
        Case{"Exponent", described("1e999999999")},
        Case{"ParseInt", described("parseint(\"" + repeat("z", 100000) + "\", 36)")},
        Case{"TimeAdd", described("timeadd(\"2020-01-01T00:00:00Z\", \"" + repeat("9", 1000) + "h\")")},
        Case{"ModulesInModules",
             "module \"a\" {\n  source = \"./m\"\n  count  = 10000\n}\nmodule \"b\" {\n  source = \"./m\"\n  "
             "count  = 10000\n}\n"},
        Case{"Dynamic",
             "resource \"aws_security_group\" \"g\" {\n  dynamic \"ingress\" {\n    for_each = range(1000)\n    "
             "content {\n      dynamic \"x\" {\n        for_each = range(1000)\n        content {\n          dynamic "
             "\"y\" {\n            for_each = range(1000)\n            content {\n              a = y.value\n"
             "            }\n          }\n        }\n      }\n    }\n  }\n}\n"},
        Case{"Range", described("length(range(1000000000))")}, Case{"Power", described("pow(10, 1000000000)")},
        Case{"Indent", described("indent(1000000000, \"a\\nb\")")},
        Case{"Regex", described("regexall(\"((a{1000}){1000}){1000}\", \"aaa\")")},
        Case{"RangeOfAMillion",
             "resource \"aws_s3_bucket\" \"b\" {\n  for_each = toset([for i in range(1000000) : tostring(i)])\n}\n"}),
    [](const testing::TestParamInfo<Case>& tested) { return tested.param.name; });

TEST(BudgetTest, RunningOutIsAnError) {
  for (const int depth : {3, 5}) {
    const Project project;
    project.write("main.tf", nested_for(depth));
    const Outcome outcome = project.gabion({"scan", "--format", "json"});
    EXPECT_EQ(outcome.status, 3) << outcome.err;
    const json report = outcome.json();
    ASSERT_TRUE(report.is_object());
    EXPECT_EQ(report.at("summary").at("incomplete"), true);
    EXPECT_EQ(report.at("diagnostics").at(0).at("code"), "evaluation-limit");
  }
}

}  // namespace
}  // namespace gabion::e2e
